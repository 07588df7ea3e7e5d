import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { defineKind } from '../../api/kinds.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Router, RouterContext, Routes } from '../../ports/router.js';
import { apexKey, apexMetadata, type Blueprint, type RoutingObject } from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOf } from '../generated/shares.js';

type TraefikService = RoutingObject<{
  readonly weighted?: { readonly services?: readonly { readonly name: string; readonly weight?: number }[] };
}>;

const TraefikServices = defineKind<TraefikService>(
  'traefik.io',
  'v1alpha1',
  'TraefikService',
  'traefikservices',
);

/** Provider `traefik`: a weighted TraefikService of the apex Service's name, which an IngressRoute of the user's names. */
export function traefikRouter(context: RouterContext): Router {
  return generatedRouter(context, {
    capabilities: () => capabilitiesOf('traefik'),
    watches: () => [TraefikServices],
    blueprints: (canary, desired) => [blueprint(canary, desired)],
    routes: (canary) => foundIn(canary, context.objects.read(TraefikServices, apexKey(canary))),
  });
}

/** The canary is listed only when it gets requests, as in Flagger. */
function blueprint(canary: Canary, { primary, canary: share }: Routes): Blueprint {
  const names = serviceNames(canary);
  const { namespace = '' } = canary.metadata;
  const port = canary.spec.service?.port ?? 80;
  const services = [
    { name: names.primary, namespace, port, weight: primary },
    ...(share > 0 ? [{ name: names.canary, namespace, port, weight: share }] : []),
  ];
  return {
    kind: TraefikServices,
    key: apexKey(canary),
    ...apexMetadata(canary),
    spec: { weighted: { services } },
  };
}

function foundIn(canary: Canary, live: TraefikService | undefined): Routes | undefined {
  const names = serviceNames(canary);
  const services = live?.spec?.weighted?.services ?? [];
  // a weight that is not written counts as 1
  const weightOf = (name: string) => {
    const service = services.find((candidate) => candidate.name === name);
    return service ? (service.weight ?? 1) : 0;
  };
  return sharesOf(weightOf(names.primary), weightOf(names.canary));
}
