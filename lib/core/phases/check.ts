import { progressDeadlineSeconds } from '../../api/defaults.js';
import { announce, unsaid } from '../announcement.js';
import type { Asking } from '../checks/ask.js';
import { askHooks, askRollback } from '../checks/hooks.js';
import { askMetrics } from '../checks/metrics.js';
import { unreadyPrimary } from '../checks/readiness.js';
import {
  beginComparing,
  type Compared,
  compare,
  undecidedMetric,
  withRecords,
} from '../comparison/compare.js';
import { lookEveryMs } from '../comparison/policy.js';
import { comparisonReasons } from '../comparison/told.js';
import type { Deciding, Decision } from '../decision.js';
import { alert, moveOn, tell, tellSeldom } from '../effects.js';
import { checkTime, untilNext } from '../pace.js';
import { isPrimaryLost } from '../patience.js';
import type { CheckFailure, MetricSilence, Reason, RollbackCause } from '../reason.js';
import { canTakeAll, hasBegun, type Situation } from '../situation.js';
import { changeStatus, momentOf, preciseTimestamp, type StatusChange, timestamp } from '../status.js';
import { type Hold, type Step, strategies } from '../strategies/strategy.js';
import { clampPercent } from '../weights.js';
import { copyToPrimary } from './promoting.js';
import { rollBack } from './rollback.js';

/** Waiting for data is said once in so many milliseconds, at most: Kubernetes drops what an object says too often. */
const minuteMs = 60_000;

/** One check of a run: rollback hooks, then hooks and metrics, then the step that follows. */
export function* check(situation: Situation): Deciding {
  const manual = yield* askRollback(situation);
  if (manual.hook !== undefined) {
    return rollBack(situation, { code: 'rollbackByHook', hook: manual.hook }, manual.reasons);
  }
  const { reasons, failure, awaited, compared } = yield* examine(situation);
  const said = [...manual.reasons, ...reasons];
  const looked = compared ? withRecords(situation, compared) : situation;
  if (compared?.worse) return rollBack(looked, compared.worse, said);
  if (failure) return fail(looked, said, failure);
  if (awaited) return awaitData(looked, said, awaited);
  const step = takeOver(looked) ?? (yield* strategies[looked.strategy](looked));
  const undecided = endsComparing(looked, step) ? undecidedMetric(looked, looked.status) : undefined;
  if (undecided !== undefined) return awaitVerdict(looked, said, undecided);
  return perform(looked, step.to === 'promote' ? [...said, ...comparisonReasons(looked)] : said, step);
}

/** Is there nothing to compare any more after the step? A primary without requests is nothing. */
function endsComparing({ strategy, status }: Situation, step: Step): boolean {
  if (step.to !== 'advance') return step.to === 'promote';
  return strategy === 'canary' && step.change.canaryWeight === 100 && clampPercent(status.canaryWeight) > 0;
}

/** The step that a check would lead to, without the check: nothing is measured, and nobody is asked. */
export function* skipCheck(situation: Situation): Deciding {
  const { spec } = situation;
  const unasked = { ...situation, spec: { ...spec, analysis: { ...spec.analysis, webhooks: [] } } };
  const step = takeOver(situation) ?? (yield* strategies[situation.strategy](unasked));
  return perform(situation, [], step);
}

interface Examination {
  readonly reasons: readonly Reason[];
  readonly failure?: CheckFailure;
  readonly awaited?: MetricSilence;
  readonly compared?: Compared;
}

/** Before the first step the hooks of type pre-rollout; later the hooks of type rollout and the metrics. */
function* examine(situation: Situation): Asking<Examination> {
  if (hasBegun(situation.status) && situation.status.lastCheckTime !== undefined) {
    const { refused } = yield* askHooks(situation, 'rollout', 'Progressing');
    if (refused) {
      const { webhook, error } = refused;
      return { reasons: [], failure: { code: 'rolloutHookFailed', hook: webhook.name, error } };
    }
    const compared = yield* compare(situation);
    if (compared.worse) return { reasons: [], compared };
    const { passedOver, ...verdict } = yield* askMetrics(situation, compared.failures);
    const reasons = passedOver.map((silence): Reason => ({ code: 'noDataPassed', silence }));
    return { ...verdict, reasons, compared };
  }
  const { passed, refused } = yield* askHooks(situation, 'pre-rollout', 'Progressing');
  const reasons: Reason[] = [
    { code: 'analysisStarted' },
    ...passed.map((webhook): Reason => ({ code: 'preRolloutPassed', hook: webhook.name })),
  ];
  if (!refused) return { reasons, compared: beginComparing(situation) };
  const { name } = refused.webhook;
  return { reasons, failure: { code: 'preRolloutFailed', hook: name, error: refused.error } };
}

/** A canary that is ready takes all traffic at once from a primary that is broken and serves nobody, and is judged under it. */
function takeOver(situation: Situation): Step | undefined {
  const { status } = situation;
  const unready = unreadyPrimary(situation);
  if (hasBegun(status) || !unready || !isPrimaryLost(situation) || !canTakeAll(situation)) return undefined;
  return {
    to: 'advance',
    change: { canaryWeight: 100 },
    reasons: [
      { code: 'primaryNotReady', message: unready.message },
      { code: 'weightAdvanced', weight: 100 },
    ],
  };
}

function perform(situation: Situation, said: readonly Reason[], step: Step): Decision {
  switch (step.to) {
    case 'fail':
      return fail(situation, said, step.failure);
    case 'promote':
      return copyToPrimary(situation, [...said, ...step.reasons]);
    case 'hold':
      return hold(situation, said, step);
    case 'advance': {
      const resumed: StatusChange = situation.phase === 'Progressing' ? {} : { phase: 'Progressing' };
      return proceed(situation, { ...resumed, ...step.change }, [...said, ...step.reasons]);
    }
  }
}

function fail(situation: Situation, said: readonly Reason[], failure: CheckFailure): Decision {
  const failedChecks = (situation.status.failedChecks ?? 0) + 1;
  const reasons = [...said, failure];
  if (failedChecks < situation.threshold) return proceed(situation, { failedChecks }, reasons);
  return rollBack(situation, { code: 'thresholdReached', failedChecks }, reasons, { failedChecks });
}

/** What a run may wait for before its next step, until the progress deadline. */
interface Awaited {
  /** The field of the status that remembers since when. */
  readonly since: 'noDataSince' | 'undecidedSince';
  readonly expired: (seconds: number) => RollbackCause;
  /** Said when the waiting begins; what the check says otherwise it said before. */
  readonly news: readonly Reason[];
  readonly waits: (until: string) => Reason;
}

/**
 * No value speaks for or against the version: the run stays where it is, no check is counted, and the metrics are
 * asked again before the interval is over.
 */
function awaitData(situation: Situation, said: readonly Reason[], silence: MetricSilence): Decision {
  return stay(situation, said, {
    since: 'noDataSince',
    expired: (seconds) => ({ code: 'noDataDeadline', seconds, silence }),
    news: said,
    waits: (until) => ({ code: 'dataAwaited', silence, until }),
  });
}

/** All is checked but a comparison: the run stays where it is until that is decided. */
function awaitVerdict(situation: Situation, said: readonly Reason[], metric: string): Decision {
  return stay(situation, said, {
    since: 'undecidedSince',
    expired: (seconds) => ({ code: 'undecidedDeadline', metric, seconds }),
    news: [...said, ...comparisonReasons(situation)],
    waits: (until) => ({ code: 'verdictAwaited', metric, until }),
  });
}

function stay(situation: Situation, said: readonly Reason[], awaited: Awaited): Decision {
  const { now, status, spec, intervalMs } = situation;
  const seconds = progressDeadlineSeconds(spec);
  const known = momentOf(status[awaited.since], now);
  const sinceMs = known ?? now;
  const deadlineAt = sinceMs + seconds * 1000;
  if (now >= deadlineAt) return rollBack(situation, awaited.expired(seconds), said);
  const remembered = { [awaited.since]: preciseTimestamp(sinceMs) };
  const waiting = proceed(situation, remembered, known === undefined ? awaited.news : []);
  const wait = tellSeldom(awaited.waits(timestamp(deadlineAt)), Math.max(intervalMs, minuteMs));
  return { ...waiting, effects: [...waiting.effects, wait] };
}

function hold(situation: Situation, said: readonly Reason[], step: Hold): Decision {
  const { reasons, refusal, news, muteAlert, change } = step;
  const told = [...said, ...reasons, ...(news ? [refusal] : [])];
  if (!news || muteAlert) return proceed(situation, change, told);
  // entered once; what is said at every check anew need not be remembered
  const note = change.phase ? unsaid('confirm-promotion', situation.now) : undefined;
  const held = proceed(situation, note ? { ...change, unsaid: note } : change, told);
  const sent = note ? announce(note, situation.spec) : alert(refusal, 'warn');
  return { ...held, effects: [...held.effects, sent] };
}

/** Writes what the check led to, sends the traffic accordingly, says it, and waits for the next interval. */
function proceed(situation: Situation, change: StatusChange, reasons: readonly Reason[]): Decision {
  const lastCheckTime = checkTime(situation);
  const status = changeStatus(situation, { ...change, lastCheckTime });
  return {
    effects: [...moveOn(situation, status), ...tell(...reasons)],
    next: {
      afterMs: Math.min(untilNext(situation, status), lookEveryMs(situation.spec.analysis) ?? Infinity),
    },
  };
}
