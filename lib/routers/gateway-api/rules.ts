import type { Canary, CanaryService } from '../../api/canary.js';
import { serviceNames, strategyOf } from '../../api/defaults.js';
import type { Routes } from '../../ports/router.js';
import { type Session, sessionOf } from '../session/cookies.js';
import { goingOver } from '../session/generations.js';
import { alsoAnswerWith, answerWith, mirrorTo, serviceFilters } from './filters.js';
import type { BackendRef, RouteRule } from './kinds.js';
import { cookieMatches, serviceMatches, testMatches } from './matches.js';

/** The rules of the generated HTTPRoute, with the API server's defaults filled in, so that nothing seems edited. */
export function routeRules(
  canary: Canary,
  service: CanaryService,
  desired: Routes,
  version: 'v1' | 'v1beta1',
): RouteRule[] {
  const split = ruleFor(canary, service, version);
  const { match = [] } = canary.spec.analysis;
  if (match.length > 0 && strategyOf(canary.spec) === 'ab-testing') {
    const rest = { primary: 100, canary: 0, mirrored: false };
    const others = split(rest);
    return [
      { ...split(desired), matches: testMatches(match, service.match) },
      { ...others, backendRefs: others.backendRefs!.slice(0, 1) },
    ];
  }
  const session = sessionOf(canary, desired.canary);
  return session ? withSession(split, session, desired) : [split(desired)];
}

/** The rule that splits all requests of the route. */
function ruleFor(canary: Canary, service: CanaryService, version: 'v1' | 'v1beta1') {
  const names = serviceNames(canary);
  const { timeout, backendTimeout, port } = service;
  const filters = serviceFilters(service, version);
  const timeouts = {
    ...(timeout && { request: timeout }),
    ...(backendTimeout && { backendRequest: backendTimeout }),
  };
  const timed = version === 'v1' && Object.keys(timeouts).length > 0;
  return ({ primary, canary: share, mirrored }: Routes): RouteRule => {
    const all = [...filters, ...(mirrored ? [mirrorTo({ name: names.canary, port })] : [])];
    return {
      matches: serviceMatches(service.match),
      ...(all.length > 0 && { filters: all }),
      backendRefs: [backend(names.primary, port, primary), backend(names.canary, port, share)],
      ...(timed && { timeouts }),
    };
  };
}

function backend(name: string, port: number, weight: number): BackendRef {
  return { group: '', kind: 'Service', name, port, weight };
}

/** Whoever bears a cookie first, then the rule that splits the others; those that split hand the cookies out. */
function withSession(
  split: (routes: Routes) => RouteRule,
  { canary, primary, earlier = [], previous }: Session,
  desired: Routes,
): RouteRule[] {
  const rule = split(desired);
  const borne = (pattern: string) => cookieMatches(rule.matches ?? [], pattern);
  if (previous) {
    const filters = alsoAnswerWith(rule.filters ?? [], 'Set-Cookie', previous.header);
    return [{ ...rule, matches: borne(previous.pattern), filters }, rule];
  }
  const handing = (routes: Routes) => {
    const { backendRefs = [], ...rest } = split(routes);
    const refs = backendRefs.map((ref, index) => {
      const cookie = index === 0 ? primary : canary;
      return cookie ? { ...ref, filters: [answerWith('Set-Cookie', cookie.header)] } : ref;
    });
    return { ...rest, backendRefs: refs };
  };
  const only = (share: number) => split({ primary: 100 - share, canary: share, mirrored: false });
  return [
    ...(canary ? [{ ...only(100), matches: borne(canary.pattern) }] : []),
    ...(primary ? [{ ...only(0), matches: borne(primary.pattern) }] : []),
    ...earlier.map(({ pattern, weight }) => ({
      ...handing(goingOver(desired, weight)),
      matches: borne(pattern),
    })),
    handing(desired),
  ];
}
