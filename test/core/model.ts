import type {
  Canary,
  CanaryAnalysis,
  CanarySpec,
  CanaryStatus,
  UnsaidAlert,
  Webhook,
} from '../../lib/api/canary.js';
import { decide } from '../../lib/core/decide.js';
import type { Answer, Decision, Effect, Question } from '../../lib/core/decision.js';
import type { Observation, Readiness } from '../../lib/core/observation.js';
import type { Reason } from '../../lib/core/reason.js';
import { alertText, eventText } from '../../lib/core/text.js';
import { sameJson } from '../../lib/engine/sameJson.js';

/*
 * The smallest world in which a decision can be carried out: one target, one primary, one route and a clock. Effects
 * are idempotent as the contract asks, pods take a while to start, and the controller can be stopped at any effect.
 */

export const T0 = Date.parse('2026-01-01T00:00:00.000Z');
export const v1 = 'p1:0000000000000001';
export const v2 = 'p1:0000000000000002';
export const v3 = 'p1:0000000000000003';

export interface Workload {
  revision: string | undefined;
  /** Configs that were copied with it. */
  trackedConfigs?: Record<string, string> | undefined;
  awake: boolean;
  /** Epoch ms from which its pods are ready; Infinity: never. */
  readyAt: number;
  /** Epoch ms from which waiting is pointless. */
  deadlineAt: number;
}

export interface Settings {
  analysis?: Partial<CanaryAnalysis>;
  spec?: Partial<CanarySpec>;
  status?: CanaryStatus;
  router?: Observation['router'];
  provider?: string;
  startMs?: number;
  /** Revisions whose pods never become ready. */
  broken?: readonly string[];
  answer?: (question: Question, world: World) => Answer;
}

/** The controller was stopped. */
export class Stopped extends Error {}

const deadlineMs = 60_000;

export class World {
  now = T0;
  canary: Canary;
  target: Workload;
  primary: Workload | undefined;
  routes: { primary: number; canary: number; mirrored: boolean } | undefined;
  apex: 'target' | 'primary' = 'target';
  readonly router: Observation['router'];
  readonly provider: string;
  readonly startMs: number;
  readonly broken: Set<string>;
  trackedConfigs: Record<string, string> | undefined;
  targetError: string | undefined;
  /** Told, with the time since the start, ms. */
  readonly events: { at: number; text: string; reason: Reason }[] = [];
  readonly alerts: string[] = [];
  readonly counts: string[] = [];
  readonly hooks: string[] = [];
  /** Canary's share of traffic each time it changed. */
  readonly weights: number[] = [];
  readonly phases: string[] = [];
  /** Every route that was made, in order. */
  readonly routed: { primary: number; canary: number; mirrored: boolean }[] = [];
  effectsDone = 0;
  /** Stop before (or right after) this many effects. */
  stopAt: { effect: number; when: 'before' | 'after' } | undefined;
  private readonly answer: (question: Question, world: World) => Answer;
  private readonly throttled = new Map<string, number>();
  /** The note that the controller has settled; another one after a stop has settled none. */
  private noted: string | undefined;

  constructor(settings: Settings = {}) {
    this.router = settings.router ?? { weights: true, abTest: true, mirror: true };
    this.provider = settings.provider ?? 'nginx';
    this.startMs = settings.startMs ?? 3000;
    this.broken = new Set(settings.broken);
    this.answer = settings.answer ?? ((question) => approve(question));
    this.canary = canaryOf(settings);
    this.target = { revision: v1, awake: true, readyAt: T0, deadlineAt: T0 + deadlineMs };
  }

  get status(): CanaryStatus {
    return this.canary.status ?? {};
  }

  get texts(): string[] {
    return this.events.map(({ text }) => text);
  }

  /** A new pod template in the target. */
  release(revision: string): void {
    this.target.revision = revision;
    if (this.target.awake) this.restart(this.target);
  }

  observe(): Observation {
    const { now, canary, provider, router, target, primary, targetError } = this;
    const observed = {
      revision: target.revision ?? '',
      ...(this.trackedConfigs ? { trackedConfigs: this.trackedConfigs } : {}),
      readiness: target.awake ? this.readinessOf(target) : ({ ready: true } as const),
      scaledToZero: !target.awake,
    };
    return {
      now,
      canary: structuredClone(canary),
      provider,
      router,
      ...(targetError === undefined ? { target: observed } : { targetError }),
      ...(primary
        ? {
            primary: {
              ...(primary.revision === undefined ? {} : { revision: primary.revision }),
              ...(primary.trackedConfigs ? { trackedConfigs: primary.trackedConfigs } : {}),
              readiness: this.readinessOf(primary),
              ...(this.now < primary.readyAt ? { isOut: true } : {}),
            },
          }
        : {}),
    };
  }

  /** One pass: observe, decide, apply. */
  pass(): Decision {
    const deciding = decide(this.observe());
    let turn = deciding.next();
    while (!turn.done) turn = deciding.next(this.reply(turn.value));
    for (const effect of turn.value.effects) {
      if (this.stops('before')) throw new Stopped();
      this.apply(effect);
      this.effectsDone += 1;
      if (this.stops('after')) throw new Stopped();
    }
    return turn.value;
  }

  /** Passes until nothing happens any more, or `untilMs` after the start. A stopped controller starts again. */
  run(untilMs = 3_600_000): this {
    let passes = 0;
    while (this.now - T0 <= untilMs) {
      if (++passes > 5000) throw new Error(`no end in sight in phase ${this.status.phase}`);
      const next = this.passOrStop();
      if (next === 'again') continue;
      const due = next === 'wait' ? Number.POSITIVE_INFINITY : this.now + next.afterMs;
      const wake = Math.min(due, this.nextChange());
      if (wake === Number.POSITIVE_INFINITY) return this;
      if (wake - T0 > untilMs) {
        this.now = T0 + untilMs;
        return this;
      }
      this.now = wake;
    }
    return this;
  }

  private passOrStop(): Decision['next'] {
    try {
      return this.pass().next;
    } catch (error) {
      if (error instanceof Stopped) {
        this.noted = undefined;
        return 'again';
      }
      throw error;
    }
  }

  private stops(when: 'before' | 'after'): boolean {
    const stop = this.stopAt;
    if (!stop || stop.when !== when || this.effectsDone !== stop.effect) return false;
    this.stopAt = undefined;
    return true;
  }

  private reply(question: Question): Answer {
    if (question.type === 'hook') this.hooks.push(`${question.webhook.name}:${question.phase}`);
    return this.answer(question, this);
  }

  /** When a workload turns ready or misses its deadline, which a watch would tell. */
  private nextChange(): number {
    const times = [this.target, this.primary].flatMap((workload) =>
      workload?.awake
        ? [workload.readyAt, workload.readyAt > workload.deadlineAt ? workload.deadlineAt : 0]
        : [],
    );
    return Math.min(...times.filter((time) => time > this.now), Number.POSITIVE_INFINITY);
  }

  private readinessOf({ readyAt, deadlineAt }: Workload): Readiness {
    if (this.now >= readyAt) return { ready: true };
    const message =
      'waiting for rollout to finish: 0 of 1 (readyThreshold 100%) updated replicas are available';
    return { ready: false, retriable: this.now < deadlineAt, message, deadlineAt };
  }

  private restart(workload: Workload): void {
    const broken = workload.revision !== undefined && this.broken.has(workload.revision);
    workload.readyAt = broken ? Number.POSITIVE_INFINITY : this.now + this.startMs;
    workload.deadlineAt = this.now + deadlineMs;
  }

  private apply(effect: Effect): void {
    if (effect.type === 'writeStatus') this.write(effect.status);
    else if (effect.type === 'ensurePrimary') this.ensurePrimary();
    else if (effect.type === 'ensureApex') this.apex = 'primary';
    else if (effect.type === 'route') this.route(effect);
    else if (effect.type === 'scaleTarget') this.scale(effect.to === 'up');
    else if (effect.type === 'promote') this.promote(effect);
    else this.tell(effect);
  }

  private write(status: CanaryStatus): void {
    const { unsaid, ...rest } = structuredClone(status);
    const isSaid = unsaid === undefined || nameOf(unsaid) === this.noted;
    this.canary = { ...this.canary, status: isSaid ? rest : { ...rest, unsaid } };
    if (this.phases.at(-1) !== status.phase) this.phases.push(status.phase ?? '');
  }

  private ensurePrimary(): void {
    if (this.primary) return;
    const { trackedConfigs } = this;
    this.primary = {
      revision: this.target.revision,
      trackedConfigs,
      awake: true,
      readyAt: 0,
      deadlineAt: 0,
    };
    this.restart(this.primary);
  }

  private scale(up: boolean): void {
    if (this.target.awake === up) return;
    this.target.awake = up;
    this.restart(this.target);
  }

  private route({ primary, canary, mirrored }: Extract<Effect, { type: 'route' }>): void {
    if (canary !== (this.routes?.canary ?? 0)) this.weights.push(canary);
    this.routes = { primary, canary, mirrored };
    this.routed.push(this.routes);
  }

  private promote({ revision, configs }: Extract<Effect, { type: 'promote' }>): void {
    const { primary, target, trackedConfigs } = this;
    if (!primary || target.revision !== revision) return;
    if (primary.revision === revision && sameJson(primary.trackedConfigs, configs)) return;
    if (configs && !sameJson(configs, trackedConfigs)) return;
    Object.assign(primary, { revision, trackedConfigs });
    this.restart(primary);
  }

  private tell(effect: Effect): void {
    if (effect.type === 'event') {
      const text = eventText(effect.reason, this.canary);
      const until = this.throttled.get(text) ?? 0;
      if (effect.throttleMs !== undefined && this.now < until) return;
      this.throttled.set(text, this.now + (effect.throttleMs ?? 0));
      this.events.push({ at: this.now - T0, text, reason: effect.reason });
    } else if (effect.type === 'alert') this.alert(effect);
    else if (effect.type === 'count') this.counts.push(`${effect.outcome}/${effect.analysis}`);
    else if (effect.type === 'postRollout') this.hooks.push(`post-rollout:${effect.phase}`);
  }

  private alert({ severity, reason, note }: Extract<Effect, { type: 'alert' }>): void {
    if (note && nameOf(note) === this.noted) return;
    if (note) this.noted = nameOf(note);
    this.alerts.push(`${severity}: ${alertText(reason)}`);
  }
}

function nameOf({ alert, at }: UnsaidAlert): string {
  return `${alert} ${at}`;
}

/** Every hook but those of type rollback says yes, every metric is perfect. */
export function approve(question: Question): Answer {
  if (question.type === 'metric') return { kind: 'value', value: question.source === 'builtin' ? 100 : 0 };
  if (question.type === 'hook' && question.webhook.type === 'rollback') return { ok: false, error: 'no' };
  return { ok: true };
}

export function hook(type: Webhook['type'], name = `a-${type}`, more: Partial<Webhook> = {}): Webhook {
  return { name, type, url: `http://hooks.test/${name}`, ...more };
}

export const successRate = { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' };

function canaryOf({ analysis, spec, status }: Settings): Canary {
  const shared = { interval: '10s', threshold: 5, metrics: [successRate] };
  const byWeight = { maxWeight: 50, stepWeight: 10 };
  const counted = analysis?.iterations !== undefined || analysis?.stepWeights !== undefined;
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name: 'podinfo', namespace: 'test' },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
      service: { port: 80 },
      progressDeadlineSeconds: deadlineMs / 1000,
      analysis: { ...shared, ...(counted ? {} : byWeight), ...analysis },
      ...spec,
    },
    ...(status ? { status } : {}),
  };
}

/** A world whose canary is initialised with v1 and at rest. */
export function settledWorld(settings: Settings = {}): World {
  const world = new World(settings).run();
  world.events.length = 0;
  world.alerts.length = 0;
  world.weights.length = 0;
  world.phases.length = 0;
  world.hooks.length = 0;
  world.counts.length = 0;
  return world;
}
