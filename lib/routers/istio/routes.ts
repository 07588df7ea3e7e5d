import type { Canary, CanaryService } from '../../api/canary.js';
import { serviceNames, strategyOf } from '../../api/defaults.js';
import type { Routes } from '../../ports/router.js';
import { type Session, sessionOf } from '../session/cookies.js';
import { goingOver } from '../session/generations.js';
import type { HttpRoute, RouteDestination, TcpRoute } from './kinds.js';
import { cookieMatches, testMatches } from './matches.js';

const allToPrimary: Routes = { primary: 100, canary: 0, mirrored: false };

/** The HTTP routes of the VirtualService. */
export function httpRoutes(canary: Canary, service: CanaryService, desired: Routes): HttpRoute[] {
  const { match = [] } = canary.spec.analysis;
  const split = (routes: Routes) => splitRoute(canary, service, routes);
  if (match.length > 0 && strategyOf(canary.spec) === 'ab-testing') {
    const others = split(allToPrimary);
    return [
      { ...split(desired), match: testMatches(match, service.match) },
      { ...others, route: others.route!.slice(0, 1) },
    ];
  }
  const session = sessionOf(canary, desired.canary);
  return session ? withSession(split, service, session, desired) : [split(desired)];
}

/** For `appProtocol: tcp`: connections are shared out, nothing else. */
export function tcpRoutes(canary: Canary, service: CanaryService, desired: Routes): TcpRoute[] {
  const ports = (service.match ?? []).flatMap(({ port }) => (port === undefined ? [] : [{ port }]));
  return [{ ...(ports.length > 0 && { match: ports }), route: destinations(canary, service, desired) }];
}

function splitRoute(canary: Canary, service: CanaryService, desired: Routes): HttpRoute {
  const { match, rewrite, timeout, retries, corsPolicy, headers } = service;
  return {
    ...(match?.length && { match }),
    ...(rewrite && {
      rewrite: {
        ...(rewrite.uri && { uri: rewrite.uri }),
        ...(rewrite.authority && { authority: rewrite.authority }),
      },
    }),
    ...(timeout && { timeout }),
    ...(retries && { retries }),
    ...(corsPolicy && { corsPolicy }),
    ...(headers && { headers }),
    ...(desired.mirrored && copies(canary)),
    route: destinations(canary, service, desired),
  };
}

function copies(canary: Canary): Pick<HttpRoute, 'mirror' | 'mirrorPercentage'> {
  const { mirrorWeight = 0 } = canary.spec.analysis;
  return {
    mirror: { host: serviceNames(canary).canary },
    ...(mirrorWeight > 0 && { mirrorPercentage: { value: mirrorWeight } }),
  };
}

/** The port is said only where a gateway cannot find it out from the Service. */
function destinations(canary: Canary, service: CanaryService, { primary, canary: share }: Routes) {
  const names = serviceNames(canary);
  const [gateway = 'mesh'] = service.gateways ?? [];
  const numbered = service.portDiscovery && (gateway !== 'mesh' || service.delegation);
  const to = (host: string, weight: number): RouteDestination => ({
    destination: { host, ...(numbered && { port: { number: service.port } }) },
    weight,
  });
  return [to(names.primary, primary), to(names.canary, share)];
}

/** Whoever bears a cookie first, then the route that splits the others; those that split hand the cookies out. */
function withSession(
  split: (routes: Routes) => HttpRoute,
  service: CanaryService,
  { canary, primary, earlier = [], previous }: Session,
  desired: Routes,
): HttpRoute[] {
  const route = split(desired);
  const borne = (pattern: string) => cookieMatches(service.match, pattern);
  if (previous) {
    const headers = answering(route.headers, previous.header);
    return [{ ...route, match: borne(previous.pattern), headers }, route];
  }
  const handing = (routes: Routes): HttpRoute => {
    const { route: destinations = [], ...rest } = split(routes);
    const handed = destinations.map((destination, index) => {
      const cookie = index === 0 ? primary : canary;
      return cookie ? { ...destination, headers: answering(undefined, cookie.header) } : destination;
    });
    return { ...rest, route: handed };
  };
  const only = (share: number) => split({ primary: 100 - share, canary: share, mirrored: false });
  return [
    ...(canary ? [{ ...only(100), match: borne(canary.pattern) }] : []),
    ...(primary ? [{ ...only(0), match: borne(primary.pattern) }] : []),
    ...earlier.map(({ pattern, weight }) => ({
      ...handing(goingOver(desired, weight)),
      match: borne(pattern),
    })),
    handing(desired),
  ];
}

function answering(headers: HttpRoute['headers'], cookie: string): NonNullable<HttpRoute['headers']> {
  return {
    ...headers,
    response: { ...headers?.response, add: { ...headers?.response?.add, 'Set-Cookie': cookie } },
  };
}
