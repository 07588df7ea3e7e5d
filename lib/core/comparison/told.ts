import type { ComparisonRecord, Measurement } from '../../api/canary.js';
import type { ComparedTallies, Reason } from '../reason.js';
import type { Standing } from '../situation.js';
import { type ComparedMetric, comparedMetrics } from './policy.js';
import { mainQuestion } from './record.js';

/** The counts of the question that speaks most for a canary that is worse. */
export function talliesOf(record: ComparisonRecord, metric: ComparedMetric): ComparedTallies {
  const at = mainQuestion(record, metric);
  const boundaryMs = record.boundaries?.[at];
  const of = ({ requests, bad }: ComparisonRecord['canary']) => ({ requests, bad: bad[at] ?? 0 });
  return {
    metric: record.metric,
    canary: of(record.canary),
    primary: of(record.primary),
    ...(boundaryMs === undefined ? {} : { boundaryMs }),
  };
}

function* toldRecords(
  { spec }: Pick<Standing, 'spec'>,
  records: readonly ComparisonRecord[] = [],
): Generator<{ record: ComparisonRecord; tallies: ComparedTallies }> {
  for (const metric of comparedMetrics(spec.analysis.metrics)) {
    const record = records.find((candidate) => candidate.metric === metric.name);
    if (record && record.looks > 0) yield { record, tallies: talliesOf(record, metric) };
  }
}

/** What is said of the comparisons before the promotion. */
export function comparisonReasons(standing: Standing): Reason[] {
  return [...toldRecords(standing, standing.status.comparisons)].map(({ record, tallies }) => ({
    code: 'comparedWithPrimary',
    verdict: record.verdict,
    ...tallies,
  }));
}

/** What is written down of them: percent of the requests that were bad. */
export function comparisonMeasurements(
  standing: Pick<Standing, 'spec'>,
  records: readonly ComparisonRecord[] | undefined,
): Measurement[] {
  return [...toldRecords(standing, records)].map(({ record, tallies: { canary, primary } }) => {
    const share = ({ requests, bad }: typeof canary) =>
      requests > 0 ? Number(((100 * bad) / requests).toPrecision(6)) : 0;
    const { metric, verdict } = record;
    return { metric, value: share(canary), primary: share(primary), verdict };
  });
}
