/** How the pods of a version behave. What is left out is that of a healthy version. */
export interface Behaviour {
  /** Milliseconds from the pod's creation until it is ready. @default 3000 */
  readonly startUpMs?: number;
  /** `neverReady`: runs, but its readiness probe fails; `crashLoop`: exits over and over. @default ready */
  readonly health?: 'ready' | 'neverReady' | 'crashLoop';
  /** Share of requests answered with 500, 0 to 1. @default 0 */
  readonly errorRate?: number;
  /** Half of the answers take no longer, milliseconds, above 0. @default 8 */
  readonly medianMs?: number;
  /** 99 of 100 answers take no longer, milliseconds, at least the median. @default 4 × the median */
  readonly p99Ms?: number;
  /** Errors and latency are so only for paths that begin with this; others are healthy. @default - every path */
  readonly path?: string;
}

export type FullBehaviour = Required<Omit<Behaviour, 'path'>> & Pick<Behaviour, 'path'>;

const healthy: FullBehaviour = { startUpMs: 3000, health: 'ready', errorRate: 0, medianMs: 8, p99Ms: 32 };

/** Matches an image: the whole name or its end (`podinfo:6.9.1`), or what a regular expression finds. */
export type ImagePattern = string | RegExp;

function matches(pattern: ImagePattern, image: string): boolean {
  if (typeof pattern !== 'string') return pattern.test(image);
  return image === pattern || image.endsWith(`/${pattern}`);
}

/** Which version behaves how. The last rule that matches an image holds. */
export class Behaviours {
  private readonly rules: { readonly pattern: ImagePattern; readonly behaviour: Behaviour }[] = [];

  set(pattern: ImagePattern, behaviour: Behaviour): void {
    this.rules.push({ pattern, behaviour });
  }

  of(image: string): FullBehaviour {
    const rule = this.rules.findLast(({ pattern }) => matches(pattern, image));
    const behaviour = rule?.behaviour ?? {};
    const medianMs = behaviour.medianMs ?? healthy.medianMs;
    return { ...healthy, ...behaviour, medianMs, p99Ms: Math.max(medianMs, behaviour.p99Ms ?? 4 * medianMs) };
  }
}

/** What one kind of request meets: podinfo's own `/status/N` and `/delay/N` included. */
export interface Answering {
  /** Status codes and their shares; the shares sum to 1. */
  readonly statuses: readonly { readonly code: number; readonly share: number }[];
  readonly medianMs: number;
  readonly p99Ms: number;
}

export function answering(behaviour: FullBehaviour, path: string): Answering {
  const affected = behaviour.path === undefined || path.startsWith(behaviour.path);
  const { errorRate, medianMs, p99Ms } = affected ? behaviour : healthy;
  const [, status] = /^\/status\/(\d{3})$/.exec(path) ?? [];
  const [, delay] = /^\/delay\/(\d+)$/.exec(path) ?? [];
  const delayMs = Number(delay ?? 0) * 1000;
  return {
    statuses: [
      { code: Number(status ?? 200), share: 1 - errorRate },
      { code: 500, share: errorRate },
    ],
    medianMs: medianMs + delayMs,
    p99Ms: p99Ms + delayMs,
  };
}
