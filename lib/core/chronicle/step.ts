import type { Measurement, RunStep } from '../../api/canary.js';
import type { Reason } from '../reason.js';
import { textOf } from '../text/event.js';
import type { Names } from '../text/names.js';

/** Reasons that tell of something on the way to a step, not of the step. */
const asides: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'comparedWithPrimary',
  'gatePassed',
  'preRolloutPassed',
  'rollbackNotSignaled',
  'abTestUnsupported',
  'weightsUnsupported',
  'iterationsAssumed',
  'canaryFailed',
]);

/** Reasons that weight and iteration of the step say all about. */
const plain: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'newRevision',
  'weightAdvanced',
  'iterationAdvanced',
  'copying',
  'primaryWeightAdvanced',
  'allToPrimary',
]);

const longest = 300;

/** The step that a decision was, if it was one: `cause`, which ended the run, is not part of it. */
export function stepOf(
  reasons: readonly Reason[],
  cause: Reason | undefined,
  place: { readonly at: string; readonly weight: number; readonly names: Names },
  measured: readonly Measurement[],
): RunStep | undefined {
  const reason = reasons.findLast((candidate) => candidate !== cause && !asides.has(candidate.code));
  if (!reason) return undefined;
  return {
    at: place.at,
    weight: place.weight,
    ...(reason.code === 'iterationAdvanced' ? { iteration: reason.iteration } : {}),
    reason: reason.code,
    ...(plain.has(reason.code) ? {} : { message: textOf(reason, place.names).slice(0, longest) }),
    ...(measured.length > 0 ? { measured: [...measured] } : {}),
  };
}

/** The steps with one more; the same one again is counted, with what was measured last. */
export function addStep(steps: readonly RunStep[], step: RunStep): RunStep[] {
  const last = steps.at(-1);
  if (!last || !isSame(last, step)) return [...steps, step];
  return [...steps.slice(0, -1), { ...last, ...step, at: last.at, times: (last.times ?? 1) + 1 }];
}

function isSame(a: RunStep, b: RunStep): boolean {
  return (
    a.reason === b.reason && a.message === b.message && a.weight === b.weight && a.iteration === b.iteration
  );
}
