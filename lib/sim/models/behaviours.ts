import { withLowerCaseHeaders } from './headers.js';
import type { RequestLine } from './request.js';

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
  /** Errors and latency are so only for requests with all of these headers. @default - every request */
  readonly headers?: Readonly<Record<string, string>>;
  /** Errors and latency grow evenly from healthy to this, from a pod's creation on, milliseconds. @default 0 */
  readonly degradesOverMs?: number;
  /** A ready container lives so long, then it is killed and starts anew, as out of memory. @default - for ever */
  readonly livesMs?: number;
}

type Narrowing = 'path' | 'headers' | 'livesMs';
export type FullBehaviour = Required<Omit<Behaviour, Narrowing>> & Pick<Behaviour, Narrowing>;

const healthy: FullBehaviour = {
  startUpMs: 3000,
  health: 'ready',
  errorRate: 0,
  medianMs: 8,
  p99Ms: 32,
  degradesOverMs: 0,
};

/** Matches an image: the whole name or its end (`podinfo:6.9.1`), or what a regular expression finds. */
export type ImagePattern = string | RegExp;

function matches(pattern: ImagePattern, image: string): boolean {
  if (typeof pattern !== 'string') return pattern.test(image);
  return image === pattern || image.endsWith(`/${pattern}`);
}

/** Which version behaves how. The last rule that matches an image holds. */
export class Behaviours {
  private readonly rules: { readonly pattern: ImagePattern; readonly behaviour: Behaviour }[] = [];

  private readonly known = new Map<string, FullBehaviour>();

  set(pattern: ImagePattern, behaviour: Behaviour): void {
    this.rules.push({ pattern, behaviour: withLowerCaseHeaders(behaviour) });
    this.known.clear();
  }

  of(image: string): FullBehaviour {
    const known = this.known.get(image) ?? this.find(image);
    this.known.set(image, known);
    return known;
  }

  private find(image: string): FullBehaviour {
    const rule = this.rules.findLast(({ pattern }) => matches(pattern, image));
    const behaviour = rule?.behaviour ?? {};
    const medianMs = behaviour.medianMs ?? healthy.medianMs;
    return { ...healthy, ...behaviour, medianMs, p99Ms: Math.max(medianMs, behaviour.p99Ms ?? 4 * medianMs) };
  }
}

interface StatusShare {
  readonly code: number;
  readonly share: number;
}

/** What one kind of request meets: podinfo's own `/status/N` and `/delay/N` included. */
export interface Answering {
  /** Status codes and their shares; the shares sum to 1. */
  readonly statuses: readonly [usual: StatusShare, failing: StatusShare];
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Steps in which a version degrades: few, since each is a distribution of its own. */
const degrees = 50;

/** `ageMs` is the pod's. */
export function answering(
  behaviour: FullBehaviour,
  { path, headers }: Pick<RequestLine, 'path' | 'headers'>,
  ageMs: number,
): Answering {
  const { degradesOverMs } = behaviour;
  const degree = degradesOverMs > 0 ? Math.ceil(Math.min(1, ageMs / degradesOverMs) * degrees) / degrees : 1;
  const affected =
    (behaviour.path === undefined || path.startsWith(behaviour.path)) &&
    Object.entries(behaviour.headers ?? {}).every(([name, value]) => headers?.[name] === value);
  const towards = (field: 'errorRate' | 'medianMs' | 'p99Ms') =>
    healthy[field] + (affected ? degree : 0) * (behaviour[field] - healthy[field]);
  const [errorRate, medianMs, p99Ms] = [towards('errorRate'), towards('medianMs'), towards('p99Ms')];
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
