import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Router, RouterContext, Routes } from '../../ports/router.js';
import { apexMetadata, type Blueprint } from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOf } from '../generated/shares.js';
import { serviceTag, type TrafficRoute, TrafficRoutes } from './kinds.js';

/** Provider `kuma`: a TrafficRoute of the apex Service's name. It is the whole cluster's, so the Canary cannot own it. */
export function kumaRouter(context: RouterContext): Router {
  return generatedRouter(context, {
    capabilities: () => capabilitiesOf('kuma'),
    watches: () => [TrafficRoutes],
    blueprints: (canary, desired) => [blueprint(canary, desired)],
    routes: (canary) => foundIn(canary, context.objects.read(TrafficRoutes, keyOf(canary))),
  });
}

function keyOf(canary: Canary) {
  return { namespace: '', name: serviceNames(canary).apex };
}

function blueprint(canary: Canary, { primary, canary: share }: Routes): Blueprint {
  const names = serviceNames(canary);
  const { namespace, annotations } = canary.metadata;
  const tag = (name: string) => ({
    [serviceTag]: `${name}_${namespace}_svc_${canary.spec.service?.port ?? 80}`,
  });
  return {
    kind: TrafficRoutes,
    key: keyOf(canary),
    ...apexMetadata(canary),
    beside: { mesh: annotations?.['kuma.io/mesh'] ?? 'default' },
    spec: {
      sources: [{ match: { [serviceTag]: '*' } }],
      destinations: [{ match: tag(names.apex) }],
      conf: {
        split: [
          { weight: primary, destination: tag(names.primary) },
          { weight: share, destination: tag(names.canary) },
        ],
      },
    },
  };
}

/** A destination is told by its Service's name, which stands before the first underscore. */
function foundIn(canary: Canary, live: TrafficRoute | undefined): Routes | undefined {
  const names = serviceNames(canary);
  const weightOf = (name: string) =>
    live?.spec?.conf?.split?.find(({ destination }) => destination[serviceTag]?.split('_')[0] === name)
      ?.weight;
  return sharesOf(weightOf(names.primary), weightOf(names.canary));
}
