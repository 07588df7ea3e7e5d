import { Deployments, type HorizontalPodAutoscaler, HorizontalPodAutoscalers } from '../../api/workloads.js';
import type { Clock } from '../../ports/clock.js';
import type { ApiServer } from '../cluster/apiServer.js';
import { keyOf } from '../cluster/objectStore.js';

/** `--horizontal-pod-autoscaler-sync-period`. */
const periodMs = 15_000;

/**
 * Horizontal pod autoscalers: a Deployment with pods is kept between minReplicas and maxReplicas. One with 0 replicas
 * is left alone: that is how Kubernetes disables an autoscaler. Load is not modelled.
 */
export function modelAutoscalers(server: ApiServer, clock: Clock): void {
  let pending = false;

  function scale(): void {
    pending = false;
    for (const { object } of server.list(HorizontalPodAutoscalers)) {
      const { spec, metadata } = object as HorizontalPodAutoscaler;
      const { name, kind } = spec.scaleTargetRef;
      if (kind !== 'Deployment') continue;
      const namespace = metadata.namespace ?? '';
      const target = server.list(Deployments, namespace).find((stored) => keyOf(stored.object).name === name)
        ?.object as { spec: { replicas?: number } } | undefined;
      const replicas = target?.spec.replicas ?? 0;
      const wanted = Math.min(spec.maxReplicas, Math.max(spec.minReplicas ?? 1, replicas));
      if (replicas === 0 || wanted === replicas) continue;
      const patch = { spec: { replicas: wanted } };
      server.patch(Deployments, { namespace, name }, 'merge', patch, 'kube-controller-manager');
    }
  }

  server.store.onChange(({ stored, before }) => {
    const { kind } = stored.kind;
    if (kind !== 'Deployment' && kind !== 'HorizontalPodAutoscaler') return;
    if (
      before &&
      before.object.metadata.generation === stored.object.metadata.generation &&
      kind === 'Deployment'
    )
      return;
    if (pending) return;
    pending = true;
    clock.timer(periodMs - (clock.now() % periodMs), scale);
  });
}
