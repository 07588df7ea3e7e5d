import { Ingresses } from '../../api/workloads.js';
import { skipper as dataPlane } from '../dataPlanes/skipper.js';
import type { RequestLine } from '../models/request.js';
import { type IngressRule, ingressDoor, matchesRule, rulesOf } from './ingressRules.js';
import type { Backend, RouterModel } from './model.js';
import { shared } from './shares.js';
import { unreadable } from './unreadable.js';

const prefix = 'zalando.org/';

/** Ingresses whose predicates and weights are Skipper's; it takes a host as soon as one of its Ingresses has any. */
export const skipper: RouterModel = {
  kinds: [],
  dataPlanes: [dataPlane],
  route({ list }, request) {
    if (request.service) return undefined;
    const rules = list(Ingresses)
      .flatMap(rulesOf)
      .filter((rule) => matchesRule(rule, request));
    if (!rules.some(isSkippers)) return undefined;
    const [first] = rules
      .filter((rule) => predicates(rule).every((predicate) => predicate !== 'False()'))
      .toSorted((a, b) => rank(b) - rank(a) || b.path.length - a.path.length);
    if (!first) return [];
    const alike = rules.filter(({ ingress, path }) => ingress === first.ingress && path === first.path);
    return split(alike, request);
  },
  door: ingressDoor,
};

function isSkippers({ ingress }: IngressRule): boolean {
  return Object.keys(ingress.metadata.annotations ?? {}).some((name) => name.startsWith(prefix));
}

function annotation({ ingress }: IngressRule, name: string): string | undefined {
  return ingress.metadata.annotations?.[`${prefix}${name}`];
}

/** Those of perch, with which it comes first or not at all. */
function predicates(rule: IngressRule): string[] {
  const all = (annotation(rule, 'skipper-predicate') ?? '').split('&&').map((predicate) => predicate.trim());
  const other = all.find((predicate) => !/^(Weight\(\d+\)|True\(\)|False\(\))?$/.test(predicate));
  if (other !== undefined) throw unreadable('predicates of Skipper', 'Weight(n), True() and False()', other);
  return all;
}

function rank(rule: IngressRule): number {
  return Math.max(...predicates(rule).map((text) => Number(/\d+/.exec(text)?.[0] ?? 0)));
}

function split(rules: readonly IngressRule[], { host }: RequestLine): Backend[] {
  const [first] = rules;
  const weights = JSON.parse((first && annotation(first, 'backend-weights')) || '{}') as Record<
    string,
    number
  >;
  const entries = rules.map((rule) => ({ rule, service: rule.backend.service?.name ?? '' }));
  return shared(entries, ({ service }) => weights[service] ?? 0).map(
    ({ entry: { rule, service }, share }) => {
      const { name = '', namespace = '' } = rule.ingress.metadata;
      const words = [namespace, name, host, rule.path, service].map((text) => text.replace(/\W/g, '_'));
      return {
        namespace,
        service,
        share,
        counts: [{ by: dataPlane, labels: { route: `kube_${words.join('__')}` } }],
      };
    },
  );
}
