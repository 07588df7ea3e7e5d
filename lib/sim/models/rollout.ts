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
  readonly currentAvailable: number;
  readonly old: number;
  readonly oldAvailable: number;
  /** Of either template, whether available yet or not. */
  readonly ready: number;
}

export interface RolloutStep {
  /** Pods of the newest template to create (or, when negative, to remove). */
  readonly current: number;
  /** Pods of older templates to remove that are not available, and that are. */
  readonly oldUnavailable: number;
  readonly oldAvailable: number;
}

/** What to do now, in one go; nothing when the rollout waits for pods or has ended. */
export function rolloutStep({ desired, surge, unavailable }: RolloutBounds, counts: PodCounts): RolloutStep {
  const room = desired + surge - counts.current - counts.old;
  const missing = desired - counts.current;
  const current = missing < 0 ? missing : Math.max(0, Math.min(missing, room));
  const oldUnavailable = counts.old - counts.oldAvailable;
  const spare = counts.currentAvailable + counts.oldAvailable - (desired - unavailable);
  const oldAvailable = Math.max(0, Math.min(counts.oldAvailable, spare));
  return { current, oldUnavailable, oldAvailable };
}
