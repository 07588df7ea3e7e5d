import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import { capabilitiesOf, type RouterName } from '../../api/providers.js';
import type { Router, RouterContext, RouterFactory, Routes } from '../../ports/router.js';
import { apexKey, type Blueprint } from '../generated/blueprint.js';
import { generatedRouter } from '../generated/router.js';
import { sharesOf } from '../generated/shares.js';
import { type TrafficSplit, trafficSplits, type Version } from './kinds.js';

/** Provider `linkerd`: SMI v1alpha1, as in Flagger. */
export const linkerdRouter: RouterFactory = (context) => smiRouter(context, 'linkerd', 'v1alpha1');
/** Provider `osm`: SMI v1alpha2, as in Flagger. */
export const osmRouter: RouterFactory = (context) => smiRouter(context, 'osm', 'v1alpha2');
/** Provider `smi:v1alpha1`, with or without the name of a mesh after it. */
export const smiV1alpha1: RouterFactory = (context) => smiRouter(context, 'smi:v1alpha1', 'v1alpha1');
/** Provider `smi:v1alpha2`, with or without the name of a mesh after it. */
export const smiV1alpha2: RouterFactory = (context) => smiRouter(context, 'smi:v1alpha2', 'v1alpha2');
/** Provider `smi:v1alpha3`, with or without the name of a mesh after it. */
export const smiV1alpha3: RouterFactory = (context) => smiRouter(context, 'smi:v1alpha3', 'v1alpha3');

function smiRouter(context: RouterContext, name: RouterName, version: Version): Router {
  const kind = trafficSplits(version);
  const onIstio = context.provider === `smi:${version}:istio`;
  return generatedRouter(context, {
    capabilities: () => capabilitiesOf(name),
    watches: () => [kind],
    blueprints: (canary, desired) => [blueprint(canary, desired, version, onIstio)],
    routes: (canary) => foundIn(canary, context.objects.read(kind, apexKey(canary))),
  });
}

function blueprint(canary: Canary, desired: Routes, version: Version, onIstio: boolean): Blueprint {
  const names = serviceNames(canary);
  const { hosts = [], gateways = [] } = canary.spec.service ?? {};
  // v1alpha1 has quantities, which the API server writes as text
  const weight = (value: number) => (version === 'v1alpha1' ? String(value) : value);
  const annotations =
    onIstio && gateways.length > 0
      ? { 'VirtualService.v1alpha3.networking.istio.io/spec.gateways': JSON.stringify(gateways) }
      : undefined;
  return {
    kind: trafficSplits(version),
    key: apexKey(canary),
    ...(annotations && { annotations }),
    spec: {
      service: hosts[0] ?? names.apex,
      backends: [
        { service: names.canary, weight: weight(desired.canary) },
        { service: names.primary, weight: weight(desired.primary) },
      ],
    },
  };
}

function foundIn(canary: Canary, live: TrafficSplit | undefined): Routes | undefined {
  const names = serviceNames(canary);
  const weightOf = (name: string) => live?.spec?.backends?.find(({ service }) => service === name)?.weight;
  const [primary, own] = [weightOf(names.primary), weightOf(names.canary)];
  if (primary === undefined || own === undefined) return undefined;
  return sharesOf(Number(primary), Number(own));
}
