import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { unmanagedByToolkit } from '../../api/ownership.js';
import { capabilitiesOf } from '../../api/providers.js';
import { type Ingress, Ingresses } from '../../api/workloads.js';
import type { Router, RouterContext, Routes } from '../../ports/router.js';
import {
  apexIngressKey,
  canaryIngressKey,
  copiedLabels,
  readApexIngress,
  requireBackend,
} from '../generated/apexIngress.js';
import { type Blueprint, besideCanary } from '../generated/blueprint.js';
import { closingLeftovers, leftovers } from '../generated/leftovers.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOf } from '../generated/shares.js';

const weightsKey = 'zalando.org/backend-weights';
const predicateKey = 'zalando.org/skipper-predicate';
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Provider `skipper`: a second Ingress, `<ingress>-canary`, that comes before the apex one while the canary is tested. */
export function skipperRouter(context: RouterContext): Router {
  const { objects } = context;
  const router = generatedRouter(context, {
    capabilities: () => capabilitiesOf('skipper'),
    watches: () => [Ingresses],
    blueprints: (canary, desired) => [
      blueprint(canary, desired, readApexIngress(objects, apexIngressKey(canary, 'skipper'))),
    ],
    routes(canary) {
      const live = objects.read(Ingresses, canaryIngressKey(apexIngressKey(canary, 'skipper')));
      return live && foundIn(canary, live);
    },
  });
  return {
    ...closingLeftovers(router, async (canary) => {
      const { name } = canaryIngressKey(apexIngressKey(canary, 'skipper'));
      const left = leftovers(objects, Ingresses, canary, [name]).filter(isSplit);
      for (const { metadata } of left) await objects.remove(Ingresses, besideCanary(canary, metadata.name!));
      return left.length > 0;
    }),
    async finalize(canary) {
      const key = canaryIngressKey(apexIngressKey(canary, 'skipper'));
      if (objects.read(Ingresses, key)) await objects.remove(Ingresses, key);
    },
  };
}

function blueprint(canary: Canary, desired: Routes, apex: Ingress): Blueprint {
  const names = serviceNames(canary);
  const { [lastApplied]: _, ...annotations } = apex.metadata.annotations ?? {};
  const kept = (annotations[predicateKey] ?? '')
    .split('&&')
    .map((predicate) => predicate.trim())
    .filter((predicate) => predicate !== '' && !/^(Weight\(.*\)|True\(\)|False\(\))$/.test(predicate));
  // with Weight(100) it wins over the apex Ingress; with False() it takes no request
  const first = desired.canary > 0 ? 'Weight(100)' : 'False()';
  return {
    kind: Ingresses,
    key: canaryIngressKey(apexIngressKey(canary, 'skipper')),
    ...(apex.metadata.labels && { labels: copiedLabels(apex.metadata.labels) }),
    annotations: {
      ...annotations,
      ...unmanagedByToolkit,
      [weightsKey]: JSON.stringify({ [names.primary]: desired.primary, [names.canary]: desired.canary }),
      [predicateKey]: [first, ...kept].join(' && '),
    },
    spec: splitSpec(canary, apex),
  };
}

function isSplit({ metadata }: Ingress): boolean {
  return metadata.annotations?.[weightsKey] !== undefined;
}

/** Each path to the apex Service leads to the primary, and another such path to the canary. */
function splitSpec(canary: Canary, apex: Ingress): Ingress['spec'] {
  const names = serviceNames(canary);
  requireBackend(apex, names.apex);
  const spec = structuredClone(apex.spec);
  for (const { http } of spec.rules ?? []) {
    if (!http) continue;
    http.paths = http.paths.flatMap((path) => {
      const { service } = path.backend;
      if (service?.name !== names.apex) return [path];
      const to = (name: string) => ({ ...path, backend: { ...path.backend, service: { ...service, name } } });
      return [to(names.primary), to(names.canary)];
    });
  }
  return spec;
}

function foundIn(canary: Canary, { metadata }: Ingress): Routes | undefined {
  const names = serviceNames(canary);
  const text = metadata.annotations?.[weightsKey] ?? '';
  const weightOf = (name: string) => {
    const found = new RegExp(`"${name}"\\s*:\\s*(\\d+)`).exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  return sharesOf(weightOf(names.primary), weightOf(names.canary));
}
