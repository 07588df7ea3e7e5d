import type { Canary } from '../../../api/canary.js';
import { type Deployment, Deployments } from '../../../api/workloads.js';
import type { Objects } from '../../../ports/objects.js';
import { targetAutoscaler } from './autoscaler.js';

/** Takes the target's pods away, or brings as many back as it can be expected to need. True when written. */
export async function scaleTarget(
  objects: Objects,
  canary: Canary,
  target: Deployment,
  primary: Deployment | undefined,
  to: 'zero' | 'up',
): Promise<boolean> {
  const current = target.spec.replicas ?? 1;
  const wanted = to === 'zero' ? 0 : current > 0 ? current : replicasFromZero(objects, canary, primary);
  if (wanted === current) return false;
  const key = { namespace: canary.metadata.namespace ?? '', name: canary.spec.targetRef.name };
  await objects.patch(Deployments, key, 'merge', { spec: { replicas: wanted } });
  return true;
}

function replicasFromZero(objects: Objects, canary: Canary, primary: Deployment | undefined): number {
  const autoscaler = targetAutoscaler(objects, canary);
  if (autoscaler) return Math.max(1, autoscaler.spec.minReplicas ?? 1);
  return Math.max(1, primary?.spec.replicas ?? 1);
}
