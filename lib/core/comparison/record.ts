import type { ComparisonRecord } from '../../api/canary.js';
import { type Evidence, mostSuspicious, noEvidence, verdictOfAll, weigh } from '../../verdict/comparison.js';
import { dispersionOf } from '../../verdict/dispersion.js';
import type { CountsAnswer, VersionCounts } from '../decision.js';
import { preciseTimestamp } from '../status.js';
import { type ComparedMetric, factorsOf, optionsOf } from './policy.js';

type Counted = Extract<CountsAnswer, { kind: 'counts' }>;

/** Boundaries that a duration is compared at, at most: what is kept of each takes about 150 bytes. */
const mostBoundaries = 12;
/** A boundary that the primary passes with so few of its requests cannot show that the canary is as good. */
const leastShare = 0.01;

/** A comparison that has not counted anything yet. */
export function newRecord(metric: ComparedMetric, sinceMs: number): ComparisonRecord {
  const since = preciseTimestamp(sinceMs);
  const nothing = { requests: 0, bad: [] };
  return {
    metric: metric.name,
    since,
    until: since,
    looks: 0,
    ...factorsOf(metric.comparison),
    verdict: 'undecided',
    canary: nothing,
    primary: nothing,
    worse: [],
    notWorse: [],
  };
}

/** Has the metric been compared by the same factors, so that what was found still counts? */
export function fits(record: ComparisonRecord, metric: ComparedMetric): boolean {
  const { tolerance, noticeable } = factorsOf(metric.comparison);
  return record.metric === metric.name && record.tolerance === tolerance && record.noticeable === noticeable;
}

/** The record after one more look. What was counted at other boundaries than these is forgotten. */
export function withCounts(
  record: ComparisonRecord,
  metric: ComparedMetric,
  counted: Counted,
  untilMs: number,
): ComparisonRecord {
  const chosen = chooseBoundaries(record, metric, counted.boundaries);
  const before =
    isSame(record.boundaries, chosen?.values) || record.looks === 0
      ? record
      : newRecord(metric, Date.parse(record.until));
  const picked = (counts: VersionCounts) =>
    chosen ? chosen.places.map((at) => counts.bad[at]!) : counts.bad;
  const now = { canary: picked(counted.canary), primary: picked(counted.primary) };
  const dispersion =
    before.looks > 0
      ? before.dispersion
      : dispersionsOf(
          counted.past?.map(({ requests, bad }) => ({ requests, bad: picked({ requests, bad }) })),
        );
  const options = optionsOf(metric, before);
  const evidences = now.canary.map((bad, at) =>
    weigh(
      before.looks > 0 ? evidenceAt(before, at) : noEvidence,
      { requests: counted.canary.requests, bad },
      { requests: counted.primary.requests, bad: now.primary[at]! },
      { ...options, dispersion: dispersion?.[at] ?? 1 },
    ),
  );
  const canary = added(before.canary, counted.canary.requests, now.canary);
  const primary = added(before.primary, counted.primary.requests, now.primary);
  return {
    ...before,
    until: preciseTimestamp(untilMs),
    looks: before.looks + 1,
    verdict: verdictOfAll(evidences, decisive(primary), options),
    canary,
    primary,
    ...(chosen && { boundaries: [...chosen.values] }),
    ...(dispersion && { dispersion }),
    worse: evidences.map(({ worse }) => worse.map(rounded)),
    notWorse: evidences.map(({ notWorse }) => notWorse.map(rounded)),
  };
}

/** Which of the record's questions speaks most for a canary that is worse. */
export function mainQuestion(record: ComparisonRecord, metric: ComparedMetric): number {
  const evidences = record.worse.map((_, at) => evidenceAt(record, at));
  return Math.max(0, mostSuspicious(evidences, optionsOf(metric, record)));
}

function evidenceAt({ worse, notWorse }: ComparisonRecord, at: number): Evidence {
  return { worse: worse[at] ?? noEvidence.worse, notWorse: notWorse[at] ?? noEvidence.notWorse };
}

/** Those that the record has, else all that there are, thinned out evenly; one only when the metric names it. */
function chooseBoundaries(
  record: ComparisonRecord,
  { comparison: { slowerThan } }: ComparedMetric,
  given: readonly number[] | undefined,
): { values: readonly number[]; places: readonly number[] } | undefined {
  if (!given) return undefined;
  const usual =
    slowerThan === undefined ? thinned(given) : [given.find((bound) => bound >= slowerThan) ?? given.at(-1)!];
  const kept = record.boundaries?.every((bound) => given.includes(bound)) ? record.boundaries : usual;
  return { values: kept, places: kept.map((bound) => given.indexOf(bound)) };
}

function thinned(bounds: readonly number[]): readonly number[] {
  if (bounds.length <= mostBoundaries) return bounds;
  const step = (bounds.length - 1) / (mostBoundaries - 1);
  return Array.from({ length: mostBoundaries }, (_, at) => bounds[Math.round(at * step)]!);
}

function isSame(a: readonly number[] | undefined, b: readonly number[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function added(so: VersionCounts, requests: number, bad: readonly number[]) {
  return {
    requests: rounded(so.requests + requests),
    bad: bad.map((count, at) => rounded((so.bad[at] ?? 0) + count)),
  };
}

function dispersionsOf(past: readonly VersionCounts[] | undefined): number[] | undefined {
  const questions = past?.[0]?.bad.length ?? 0;
  if (!past || questions === 0) return undefined;
  return Array.from({ length: questions }, (_, at) =>
    rounded(dispersionOf(past.map(({ requests, bad }) => ({ requests, bad: bad[at]! })))),
  );
}

/** One question decides by itself; of several those that tell anything about a good version. */
function decisive({ requests, bad }: VersionCounts): number[] {
  return bad.flatMap((count, at) => (bad.length === 1 || count > leastShare * requests ? [at] : []));
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
