/** What a Deployment's rolling update may do, in pods (k8s.io/kubernetes pkg/controller/deployment/util). */
export interface RolloutBounds {
  /** Pods asked for. */
  readonly desired: number;
  /** Pods above `desired` at most. */
  readonly surge: number;
  /** Pods below `desired` that may be unavailable. */
  readonly unavailable: number;
}

interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
}

function resolve(
  value: number | string | undefined,
  desired: number,
  round: (value: number) => number,
): number {
  if (typeof value === 'number') return value;
  return round((desired * Number.parseInt(value ?? '25%', 10)) / 100);
}

export function rolloutBounds(desired: number, strategy: unknown): RolloutBounds {
  const { type, rollingUpdate } = (strategy ?? {}) as Strategy;
  if (type === 'Recreate') return { desired, surge: 0, unavailable: desired };
  const surge = resolve(rollingUpdate?.maxSurge, desired, Math.ceil);
  const unavailable = resolve(rollingUpdate?.maxUnavailable, desired, Math.floor);
  return { desired, surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export interface PodCounts {
  readonly current: number;
  readonly currentReady: number;
  readonly old: number;
  readonly oldReady: number;
}

export interface RolloutStep {
  /** Pods of the newest template to create (or, when negative, to remove). */
  readonly current: number;
  /** Unready pods of older templates to remove, and ready ones. */
  readonly oldUnready: number;
  readonly oldReady: number;
}

/** What to do now, in one go; nothing when the rollout waits for pods or has ended. */
export function rolloutStep({ desired, surge, unavailable }: RolloutBounds, counts: PodCounts): RolloutStep {
  const room = desired + surge - counts.current - counts.old;
  const missing = desired - counts.current;
  const current = missing < 0 ? missing : Math.max(0, Math.min(missing, room));
  const oldUnready = counts.old - counts.oldReady;
  const spare = counts.currentReady + counts.oldReady - (desired - unavailable);
  const oldReady = Math.max(0, Math.min(counts.oldReady, spare));
  return { current, oldUnready, oldReady };
}
