import type { CanaryStatus } from '../../lib/api/canary.js';
import type { Kind } from './kinds.js';
import type { Turn } from './scenarios.js';

/** `order`: what happened first, also within one moment of the virtual clock. */
interface Seen {
  readonly order: number;
  /** Epoch ms. */
  readonly at: number;
}

export interface Stand extends Seen {
  readonly status: CanaryStatus;
}

/** A sample of where users go. */
export interface Traffic extends Seen {
  readonly shares: readonly {
    readonly share: number;
    readonly pods: number;
    readonly tags: readonly string[];
  }[];
  /** Ready pods of target and primary. */
  readonly ready: number;
  /** Is the primary rolled out, whatever a clock says? */
  readonly primaryServes: boolean;
}

/** Percent that one routing object gives to each side. */
export interface RawWeights {
  readonly primary: number;
  readonly canary: number;
}

export interface Routed extends Seen, RawWeights {}

export interface Check extends Seen {
  readonly tag: string;
  readonly good: boolean;
}

export interface Change extends Seen {
  readonly tag: string;
}

/** All that was seen of one schedule, in order. */
export interface Trace {
  readonly intervalMs: number;
  readonly skipsAnalysis: boolean;
  /** What somebody did in the middle, planned by the scenario. */
  readonly turns: readonly Turn[];
  /** Each status that was written, the first one first. */
  readonly stands: readonly Stand[];
  readonly traffic: readonly Traffic[];
  /** What the routing object says, whenever that changes. @default - nobody looks */
  readonly routes?: readonly Routed[];
  readonly checks: readonly Check[];
  /** Versions that the target was given, and those that the primary was given. */
  readonly targets: readonly Change[];
  readonly primaries: readonly Change[];
  /** What the primary's copy of the changed config says in the end; undefined where none is changed. */
  readonly primaryConfig: string | undefined;
  /** The kind of each incident that came true, in order. @default - nobody counts them */
  readonly happened?: readonly Kind[];
  /** Texts of the alerts that arrived. */
  readonly alerts: readonly string[];
  /** All that was said or written where people can read it. */
  readonly words: string;
  /** Did the canary come to rest (or go) in time? */
  readonly ended: boolean;
  readonly deleted: boolean;
  /** Writes of the controllers in the last minute of rest. */
  readonly restlessWrites: number;
}

/** Pairs of one status and the next. */
export function transitions({ stands }: Trace): { readonly from: Stand; readonly to: Stand }[] {
  return stands.slice(1).map((to, index) => ({ from: stands[index]!, to }));
}

export function isRunning({ status }: Stand): boolean {
  return ['Progressing', 'WaitingPromotion', 'Promoting'].includes(status.phase ?? '');
}

/** What a run releases: a template, with the configs that it reads. */
function releasedBy({ status: { lastAppliedSpec, trackedConfigs = {} } }: Stand): string {
  return JSON.stringify([lastAppliedSpec, trackedConfigs]);
}

/** Does a run begin, or begin anew, with this status? */
export function startsRun({ from, to }: { readonly from: Stand; readonly to: Stand }): boolean {
  if (to.status.phase !== 'Progressing') return false;
  return !isRunning(from) || releasedBy(from) !== releasedBy(to);
}
