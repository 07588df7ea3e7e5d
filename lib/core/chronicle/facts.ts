import type { RunRecord } from '../../api/canary.js';
import type { Fact } from '../decision.js';
import { bound } from '../text/numbers.js';

/** What an alert about the end of a run shows besides Flagger's sentence. */
export function factsOf(run: RunRecord): Fact[] {
  const facts: Fact[] = [];
  if (run.cause !== undefined) facts.push({ name: 'Cause', value: run.cause });
  if (run.outcome === 'Failed') facts.push(...factsOfFailure(run));
  if (run.from !== undefined) facts.push({ name: 'Image before', value: run.from });
  if (run.to !== undefined) facts.push({ name: 'Image after', value: run.to });
  facts.push({ name: 'Revision', value: run.revision });
  return facts;
}

/** The check that failed last, and how much traffic the canary had then. */
function factsOfFailure({ steps }: RunRecord): Fact[] {
  const last = steps.at(-1);
  if (!last) return [];
  const weight = { name: 'Weight', value: `${last.weight}%` };
  const broken = last.reason === 'metricBreached' ? last.measured?.at(-1) : undefined;
  if (broken?.value === undefined) return [weight];
  const { metric, value, min, max } = broken;
  const side = min !== undefined && value < min ? `at least ${bound(min)}` : `at most ${bound(max ?? 0)}`;
  return [
    { name: 'Metric', value: metric },
    { name: 'Value', value: bound(value) },
    { name: 'Bound', value: side },
    weight,
  ];
}
