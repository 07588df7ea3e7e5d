import { PerchError } from '../api/errors.js';
import type { Kind, KubeObject } from '../api/kinds.js';
import type { Condition } from '../api/workloads.js';
import type { Cluster } from '../ports/cluster.js';
import { type Item, keyOf, titleOf } from './manifest.js';
import { type Look, type Patience, waitUntil } from './patience.js';
import type { Report } from './progress.js';

interface Workload extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly readyReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly conditions?: readonly Condition[];
  };
}

const workloads = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

export function isWorkload({ kind }: Item): boolean {
  return kind.group === 'apps' && workloads.has(kind.kind);
}

/** Waits until every pod of the workload is of its newest template and available. */
export async function waitForWorkload(
  item: Item,
  patience: Patience,
  { cluster, report }: { readonly cluster: Cluster; readonly report: Report },
): Promise<void> {
  const subject = titleOf(item.object);
  let said = '';
  await waitUntil(
    patience,
    item.path ? `${item.path} (${subject})` : subject,
    async (): Promise<Look<true>> => {
      const live = await cluster.get(item.kind as Kind<Workload>, keyOf(item));
      const { ready, wanted } = availability(live);
      const state = `${ready} of ${wanted} pods available`;
      if (ready >= wanted) {
        if (said) report({ what: 'ready', subject, state });
        return { done: true };
      }
      refuseStuck(item, live);
      if (state !== said) report({ what: 'waiting', subject, state });
      said = state;
      return { state };
    },
  );
}

/** Pods of the newest template that are available, and how many there are meant to be. */
function availability({ kind, metadata, spec, status = {} }: Workload): { ready: number; wanted: number } {
  const daemons = kind === 'DaemonSet';
  const wanted = daemons ? (status.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1);
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0))
    return { ready: 0, wanted: Math.max(1, wanted) };
  const updated = (daemons ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0;
  const available = (daemons ? status.numberAvailable : status.availableReplicas) ?? 0;
  return { ready: Math.min(updated, available), wanted };
}

function refuseStuck(item: Item, { metadata, status = {} }: Workload): void {
  const progress = status.conditions?.find(({ type }) => type === 'Progressing');
  if (progress?.reason !== 'ProgressDeadlineExceeded') return;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return;
  throw new PerchError({
    code: 'DEPLOY_WORKLOAD_STUCK',
    message: `its pods do not get ready: ${progress.message ?? 'the progress deadline is over'}`,
    remedy:
      'see its pods: `kubectl describe pods` says whether the image, the probe or the resources are at fault',
    path: item.path ?? titleOf(item.object),
  });
}
