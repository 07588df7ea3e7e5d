import { Canaries } from '../../lib/api/canary.js';
import { defineKind, type Kind } from '../../lib/api/kinds.js';
import {
  DaemonSets,
  Deployments,
  HorizontalPodAutoscalers,
  ScaledObjects,
  Services,
} from '../../lib/api/workloads.js';
import { Upstreams } from '../../lib/routers/gloo/kinds.js';
import { DestinationRules } from '../../lib/routers/istio/kinds.js';
import type { Gate } from '../soak/gate.js';
import { readAuditLog } from './auditLog.js';
import { answerAll } from './bystanders.js';
import { place } from './place.js';
import type { Stage } from './stage.js';
import { untilNoneLeft } from './waiting.js';

const appMesh = (kind: string, plural: string): Kind =>
  defineKind('appmesh.k8s.aws', 'v1beta2', kind, plural);
const meshObjects = [
  DestinationRules,
  Upstreams,
  appMesh('VirtualNode', 'virtualnodes'),
  appMesh('VirtualService', 'virtualservices'),
];

/** Somebody else changes what perch made, and it is put right. */
export async function disturb({ cluster }: Stage): Promise<void> {
  const key = { namespace: place.app, name: 'nginx-primary' };
  await cluster.patch(Services, key, 'merge', { spec: { selector: { app: 'elsewhere' } } });
  await cluster.patch(HorizontalPodAutoscalers, key, 'merge', { spec: { maxReplicas: 9 } });
  for (const kind of meshObjects) await changeAll({ cluster }, kind, { spec: null });
}

/** A Service is written to before perch hears of it: what perch writes then is refused, and read anew. */
export async function outpaceSettled(stage: Stage, gate: Gate): Promise<void> {
  gate.muteWatches(pathsOf([Services]));
  await changeAll(stage, Services, touched);
  const labels = { disturbed: 'true' };
  const key = { namespace: place.app, name: 'nginx' };
  await stage.cluster.patch(Canaries, key, 'merge', { spec: { service: { apex: { labels } } } });
  await untilRead(stage, [Services]);
  gate.cutWatches();
}

/** The same for what is written when a version is promoted, as it is once `promote` was called. */
export async function outpaceReleases(stage: Stage, gate: Gate, promote: () => void): Promise<void> {
  const workloads = [Canaries, Deployments, DaemonSets];
  const scalers = [HorizontalPodAutoscalers, ScaledObjects];
  const kinds = [...workloads, ...scalers];
  gate.muteWatches(pathsOf(kinds));
  for (const kind of kinds) await changeAll(stage, kind, touched);
  promote();
  await untilRead(stage, workloads);
  // what scales a primary is written when its pods were seen to be ready
  gate.cutWatches(pathsOf(workloads));
  await untilRead(stage, scalers);
  gate.cutWatches();
}

const pathsOf = (kinds: readonly Kind[]) =>
  new RegExp(`/(${kinds.map(({ plural }) => plural).join('|')})\\?`);

const touched = { metadata: { annotations: { 'rights.example.com/touched': 'true' } } };

async function changeAll({ cluster }: Pick<Stage, 'cluster'>, kind: Kind, change: object): Promise<void> {
  const { items } = await cluster.list(kind, { namespace: place.app });
  for (const { metadata } of items)
    await cluster.patch(kind, { namespace: place.app, name: metadata.name ?? '' }, 'merge', change);
}

/** Reads that are no part of a list or a watch. */
async function untilRead({ auditLog, cluster }: Stage, kinds: readonly Kind[]): Promise<void> {
  await untilNoneLeft('what was written to meanwhile is read anew', async () => {
    await answerAll(cluster);
    const events = readAuditLog(auditLog);
    const isRead = ({ group, plural }: Kind) =>
      events.some(
        ({ verb, objectRef }) =>
          verb === 'get' && objectRef?.resource === plural && (objectRef.apiGroup ?? '') === group,
      );
    return kinds.filter((kind) => !isRead(kind)).map(({ plural }) => plural);
  });
}
