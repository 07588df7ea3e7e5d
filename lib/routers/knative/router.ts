import type { Canary } from '../../api/canary.js';
import { PerchError } from '../../api/errors.js';
import {
  type KnativeService,
  KnativeServices,
  primaryRevisionAnnotation as primaryRevision,
  type TrafficTarget,
} from '../../api/knative.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Objects } from '../../ports/objects.js';
import { type Router, type RouterContext, type Routes, routePending } from '../../ports/router.js';
import { besideCanary } from '../generated/blueprint.js';
import { sharesOf } from '../generated/shares.js';
import { mergePatch } from '../mergePatch.js';

/** Provider `knative`: the traffic of the Knative Service that is released, between its newest and its primary revision. */
export function knativeRouter({ objects }: RouterContext): Router {
  return {
    capabilities: () => capabilitiesOf('knative'),
    watches: () => [KnativeServices],
    async sync(canary, desired) {
      const live = readService(objects, canary);
      const primary = live.metadata.annotations?.[primaryRevision] || live.status?.latestCreatedRevisionName;
      if (!primary) throw notReady(live);
      const wanted = {
        metadata: { annotations: { ...live.metadata.annotations, [primaryRevision]: primary } },
        spec: { ...live.spec, traffic: trafficTo(primary, desired) },
      };
      const now = { metadata: { annotations: live.metadata.annotations ?? {} }, spec: live.spec ?? {} };
      const patch = mergePatch(now, wanted);
      const found = foundIn(live, primary);
      if (patch === undefined) {
        requireInForce(live, primary, desired);
        return { found, changed: false };
      }
      await objects.patch(KnativeServices, keyOf(canary), 'merge', patch);
      return { found, changed: true };
    },
    async finalize(canary) {
      const live = objects.read(KnativeServices, keyOf(canary));
      if (live?.metadata.annotations?.[primaryRevision] === undefined) return;
      // without `traffic` Knative sends everything to the newest revision, as before there was a canary
      const patch = { metadata: { annotations: { [primaryRevision]: null } }, spec: { traffic: null } };
      await objects.patch(KnativeServices, keyOf(canary), 'merge', patch);
    },
  };
}

function keyOf(canary: Canary) {
  return besideCanary(canary, canary.spec.targetRef.name);
}

function readService(objects: Objects, canary: Canary): KnativeService {
  const live = objects.read(KnativeServices, keyOf(canary));
  if (live) return live;
  const { name } = canary.spec.targetRef;
  throw new PerchError({
    code: 'ROUTER_ROUTE_NOT_FOUND',
    message: `services.serving.knative.dev "${name}" not found: expected Knative Service ${name} in namespace ${canary.metadata.namespace}`,
    remedy: 'create the Service, or correct spec.targetRef.name',
    path: 'spec.targetRef.name',
  });
}

function notReady({ metadata }: KnativeService): PerchError {
  return new PerchError({
    code: 'ROUTER_REVISION_MISSING',
    message: `expected Knative Service ${metadata.name} to have a revision, its status names none`,
    remedy: 'see the status of the Knative Service: its first revision could not be created',
    path: 'spec.targetRef',
  });
}

function trafficTo(primary: string, desired: Routes): TrafficTarget[] {
  return [
    { latestRevision: true, percent: desired.canary },
    { revisionName: primary, percent: desired.primary },
  ];
}

function foundIn({ spec }: KnativeService, primary: string): Routes | undefined {
  const traffic = spec?.traffic ?? [];
  const stable = traffic.find(({ revisionName }) => revisionName === primary)?.percent;
  return sharesOf(stable, traffic.find(({ latestRevision }) => latestRevision)?.percent);
}

/** Throws until Knative's own status says that the shares are those that were asked for. */
function requireInForce({ metadata, status }: KnativeService, primary: string, desired: Routes): void {
  const { traffic, observedGeneration, latestCreatedRevisionName: newest } = status ?? {};
  if (!traffic || newest === primary) return;
  const share = (of: (target: TrafficTarget) => boolean) =>
    traffic.filter(of).reduce((sum, { percent = 0 }) => sum + percent, 0);
  const now = {
    primary: share(({ revisionName, latestRevision }) => revisionName === primary && !latestRevision),
    canary: share(({ latestRevision }) => latestRevision === true),
  };
  const { generation = 0, name, namespace } = metadata;
  const seen = observedGeneration === undefined || observedGeneration >= generation;
  if (seen && now.primary === desired.primary && now.canary === desired.canary) return;
  throw routePending(
    `Knative Service ${name}.${namespace} sends ${now.canary} % to its newest revision and ${now.primary} % to ${primary}, expected ${desired.canary} % and ${desired.primary} %`,
    'spec.targetRef',
  );
}
