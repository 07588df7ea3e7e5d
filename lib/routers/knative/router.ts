import type { Canary } from '../../api/canary.js';
import { PerchError } from '../../api/errors.js';
import { defineKind } from '../../api/kinds.js';
import { capabilitiesOf } from '../../api/providers.js';
import type { Objects } from '../../ports/objects.js';
import type { Router, RouterContext, Routes } from '../../ports/router.js';
import { besideCanary, type RoutingObject } from '../generated/blueprint.js';
import { sharesOf } from '../generated/shares.js';
import { mergePatch } from '../mergePatch.js';

interface TrafficTarget {
  readonly latestRevision?: boolean;
  readonly revisionName?: string;
  readonly percent?: number;
}

interface KnativeService extends RoutingObject<{ readonly traffic?: readonly TrafficTarget[] }> {
  status?: { readonly latestCreatedRevisionName?: string; readonly traffic?: readonly TrafficTarget[] };
}

const KnativeServices = defineKind<KnativeService>('serving.knative.dev', 'v1', 'Service', 'services');

/** Names the revision that production is at; Flagger's. */
const primaryRevision = 'flagger.app/primary-revision';

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
      if (patch === undefined) return { found, changed: false };
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
