import type { CanaryMetric, CanaryStatus, Phase, UnsaidAlert, Webhook } from '../api/canary.js';
import type { Reason } from './reason.js';

/** A fact that a decision needs and that is not observed all the time. */
export type Question =
  | { readonly type: 'hook'; readonly webhook: Webhook; readonly phase: Phase }
  /**
   * `builtin`: request-success-rate (percent) or request-duration (milliseconds); `inline`: `metric.query` on the
   * metrics server; `template`: `metric.templateRef`. A metric with several of them is asked once for each.
   */
  | {
      readonly type: 'metric';
      readonly metric: CanaryMetric;
      readonly source: 'builtin' | 'inline' | 'template';
    }
  /**
   * The requests of canary and primary from `fromMs` to `toMs` (epoch ms), of which none has been counted before; with
   * `past` the primary's before that too. Asked of metrics with a `comparison`.
   */
  | {
      readonly type: 'counts';
      readonly metric: CanaryMetric;
      readonly fromMs: number;
      readonly toMs: number;
      readonly past: boolean;
    }
  /** Do all metric providers that the canary names answer? */
  | { readonly type: 'metricsOnline' };

export type HookAnswer = { readonly ok: true } | { readonly ok: false; readonly error: string };

export type MetricAnswer =
  | { readonly kind: 'value'; readonly value: number }
  /** `provider` as Flagger names it in the event, e.g. `nginx`. */
  | {
      readonly kind: 'noData';
      readonly provider: string;
      readonly detail: string;
      /** Which link between the pods and the metric is broken, if that could be found out. */
      readonly diagnosis?: string;
    }
  /**
   * `text` is the whole event, e.g. `Prometheus query failed: …`; `unreachable`: nobody answered, which says nothing
   * about the version.
   */
  | { readonly kind: 'error'; readonly text: string; readonly unreachable?: boolean };

/** Requests of one version, and those among them that were bad: of a duration, slower than each boundary. */
export interface VersionCounts {
  readonly requests: number;
  readonly bad: readonly number[];
}

export type CountsAnswer =
  | {
      readonly kind: 'counts';
      readonly canary: VersionCounts;
      readonly primary: VersionCounts;
      /** Of a duration, in ms, rising. */
      readonly boundaries?: readonly number[];
      /** The primary's past, in equal spans of time, where that is known and was asked for. */
      readonly past?: readonly VersionCounts[];
    }
  | Exclude<MetricAnswer, { kind: 'value' }>;

export type OnlineAnswer = { readonly ok: true } | { readonly ok: false; readonly error: string };

export type Answer = HookAnswer | MetricAnswer | CountsAnswer | OnlineAnswer;

export type Severity = 'info' | 'warn' | 'error';

/** A name and a value, shown below an alert. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Something to do to the world. Each is idempotent: done twice, it has the effect of once. */
export type Effect =
  /**
   * PUT under the observed resourceVersion; a conflict ends the pass, and the next one decides anew. A second one in
   * the same decision goes under the resourceVersion that the first one made, and is left out when it says the same. A
   * note of an alert that has arrived, or that nobody is to be told, is left out.
   */
  | { readonly type: 'writeStatus'; readonly status: CanaryStatus }
  /**
   * The API server has the target that was decided on, and its configs (`configmap/<name>`); else the pass ends, and the
   * next one looks anew.
   */
  | { readonly type: 'confirmTarget'; readonly configs: readonly string[] }
  /** The -canary and -primary Services, the primary workload and its scaler exist. Creates; never updates a primary. */
  | { readonly type: 'ensurePrimary' }
  /** The apex Service selects the primary's pods. */
  | { readonly type: 'ensureApex' }
  /** The routing objects exist and send traffic so; somebody else's edit is put right, and said. */
  | { readonly type: 'route'; readonly primary: number; readonly canary: number; readonly mirrored: boolean }
  | { readonly type: 'scaleTarget'; readonly to: 'zero' | 'up' }
  /** The target has as many pods as the primary; when that took a write, the pass ends and the next one looks anew. */
  | { readonly type: 'revertTarget' }
  /** The apex Service selects the target's pods and outlives the Canary. */
  | { readonly type: 'releaseApex' }
  /** Nothing is routed to the canary's own Service any more. */
  | { readonly type: 'releaseRoutes' }
  /** The Canary has, or has not, the finalizer that keeps it until it is reverted. */
  | { readonly type: 'holdFinalizer'; readonly held: boolean }
  /**
   * The primary's template (and its configs and its scaler's settings) are the target's, if the target still is at
   * `revision` with these `configs`.
   */
  | {
      readonly type: 'promote';
      readonly revision: string;
      readonly configs?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'event'; readonly reason: Reason; readonly throttleMs?: number }
  | {
      readonly type: 'alert';
      readonly reason: Reason;
      readonly severity: Severity;
      readonly withMetadata: boolean;
      /** What more is known of a run that has ended. */
      readonly facts?: readonly Fact[];
      /** The note in the status that it settles: a controller sends it once, however often it is decided. */
      readonly note?: UnsaidAlert;
    }
  /** What was alerted has arrived, or had its time: the status may forget that it was to be said. */
  | { readonly type: 'awaitAlerts' }
  /** Calls the hooks of type post-rollout; what they answer becomes events and nothing else. */
  | { readonly type: 'postRollout'; readonly phase: Phase }
  | {
      readonly type: 'count';
      readonly outcome: 'success' | 'failure';
      readonly analysis: 'completed' | 'skipped';
    };

export interface Decision {
  /** Done in order; the first that fails stops the list, and the canary backs off. */
  readonly effects: readonly Effect[];
  /** `again`: decide at once on what the effects made; `wait`: until a watch wakes it; else no later than `afterMs`. */
  readonly next: 'again' | 'wait' | { readonly afterMs: number };
}

/** A decision under way: yields what it must know, receives the answer, returns what to do. Pure. */
export type Deciding<T = Decision> = Generator<Question, T, Answer>;
