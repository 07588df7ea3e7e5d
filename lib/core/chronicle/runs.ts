import type { CanaryStatus, Measurement, Phase, RunRecord } from '../../api/canary.js';
import { comparisonMeasurements } from '../comparison/told.js';
import type { Reason } from '../reason.js';
import type { Standing } from '../situation.js';
import { timestamp } from '../status.js';
import { namesOf } from '../text/names.js';
import { alertText } from '../text.js';
import { clampPercent } from '../weights.js';
import { fold } from './fold.js';
import { addStep, stepOf } from './step.js';

/** What a decision says about the change of a status that it makes. */
export interface Account {
  readonly reasons: readonly Reason[];
  /** Why the run ended, if it did. */
  readonly cause: Reason | undefined;
  readonly measured: readonly Measurement[];
}

const underWay: readonly Phase[] = ['Waiting', 'Progressing', 'WaitingPromotion', 'Promoting', 'Finalising'];

/** The run that is not over. */
export function openRun(history: readonly RunRecord[] | undefined): RunRecord | undefined {
  const last = history?.at(-1);
  return last?.endedAt === undefined ? last : undefined;
}

/** The history after the status became `after`: the step, and the end of its run, are in it. */
export function writeHistory(
  standing: Standing,
  before: CanaryStatus,
  after: CanaryStatus,
  account: Account,
): RunRecord[] | undefined {
  const at = timestamp(standing.now);
  const wasOn = underWay.includes(before.phase ?? '');
  const isOn = underWay.includes(after.phase ?? '');
  const past = [...(before.history ?? [])];
  if (!wasOn && !isOn) {
    const hasFailed = before.phase === 'Initializing' && after.phase === 'Failed';
    return hasFailed ? fold([...past, end(newRun(standing, at), after, at, account.cause)]) : before.history;
  }
  if (openRun(past) && account.reasons.some(({ code }) => code === 'restarted')) {
    past.push({ ...past.pop()!, endedAt: at, outcome: 'Superseded' });
  }
  const run = openRun(past) ? past.pop()! : newRun(standing, at);
  const step = stepOf(
    account.reasons,
    account.cause,
    { at, weight: weightOf(before, after), names: namesOf(standing.canary) },
    after.comparisons === before.comparisons
      ? account.measured
      : [...account.measured, ...comparisonMeasurements(standing, after.comparisons)],
  );
  const named = after.phase === 'Waiting' || before.phase === 'Waiting' ? newRun(standing, at) : {};
  const next = {
    ...run,
    ...named,
    startedAt: run.startedAt,
    steps: step ? addStep(run.steps, step) : run.steps,
  };
  return fold([...past, isOn ? next : end(next, after, at, account.cause)]);
}

/** A canary that gave its traffic back was judged by what it had before. */
function weightOf(before: CanaryStatus, after: CanaryStatus): number {
  return clampPercent((after.phase === 'Failed' ? before : after).canaryWeight);
}

function newRun({ target, primary, status }: Standing, startedAt: string): RunRecord {
  return {
    revision: target?.revision ?? status.lastAppliedSpec ?? '',
    ...(primary?.image === undefined ? {} : { from: primary.image }),
    ...(target?.image === undefined ? {} : { to: target.image }),
    startedAt,
    steps: [],
  };
}

function end(run: RunRecord, after: CanaryStatus, endedAt: string, cause: Reason | undefined): RunRecord {
  if (after.phase !== 'Failed') return { ...run, endedAt, outcome: after.phase ?? '' };
  const why = cause ? { cause: causeText(cause, run) } : {};
  return { ...run, endedAt, outcome: 'Failed', ...why };
}

/** The alert's sentence; where that counts failed checks only, with what failed last. */
function causeText(cause: Reason, { steps }: RunRecord): string {
  const message = steps.at(-1)?.message;
  const text = alertText(cause);
  return cause.code === 'thresholdReached' && message ? `${text}: ${message}` : text;
}
