import type { CountsAnswer, VersionCounts } from '../../core/decision.js';
import type { Course } from '../../ports/metrics.js';

/** A counter's values by time, epoch ms. */
type Total = ReadonlyMap<number, number>;

type Answered = Readonly<Record<'canary' | 'primary' | 'past', readonly Course[]>>;

/** How many requests took longer than each boundary, in ms; of the boundaries that canary and primary share. */
export function durations(
  { canary, primary, past }: Answered,
  unitMs: number,
): Omit<Extract<CountsAnswer, { kind: 'counts' }>, 'kind'> {
  const [own, others] = [byBound(canary), byBound(primary)];
  const shared = [...(own.size > 0 ? own : others).keys()]
    .filter((bound) => Number.isFinite(bound) && (others.size === 0 || others.has(bound)))
    .sort((a, b) => a - b);
  const slower = (buckets: ReadonlyMap<number, Course>): VersionCounts => {
    const requests = lastOf(buckets.get(Number.POSITIVE_INFINITY));
    return { requests, bad: shared.map((bound) => Math.max(0, requests - lastOf(buckets.get(bound)))) };
  };
  const before = byBound(past);
  const all = before.get(Number.POSITIVE_INFINITY);
  return {
    canary: slower(own),
    primary: slower(others),
    boundaries: shared.map((bound) => bound * unitMs),
    ...(all && { past: spansOfBuckets(all, before, shared) }),
  };
}

function byBound(series: readonly Course[]): ReadonlyMap<number, Course> {
  return new Map(series.map((each) => [boundOf(each.labels.le), each]));
}

function boundOf(le = '+Inf'): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

function lastOf(series: Course | undefined): number {
  return series?.points.at(-1)?.value ?? 0;
}

function spansOfBuckets(
  all: Course,
  buckets: ReadonlyMap<number, Course>,
  bounds: readonly number[],
): VersionCounts[] {
  const total = cumulative([all]);
  return spansOf(
    total,
    bounds.map((bound) => {
      const within = cumulative([buckets.get(bound)].flatMap((series) => series ?? []));
      return new Map([...total].map(([at, value]) => [at, value - (within.get(at) ?? 0)]));
    }),
  );
}

/** The sum of the series at each time. */
export function cumulative(series: readonly Course[]): Total {
  const course = new Map<number, number>();
  for (const { points } of series)
    for (const { atMs, value } of points) course.set(atMs, (course.get(atMs) ?? 0) + value);
  return course;
}

/** What was counted between each time and the next; nothing where a counter fell, since a process began anew. */
export function spansOf(requests: Total, bad: readonly Total[]): VersionCounts[] {
  const times = [...requests.keys()].sort((a, b) => a - b);
  return times.slice(1).map((at, index) => {
    const growth = (course: Total) => Math.max(0, (course.get(at) ?? 0) - (course.get(times[index]!) ?? 0));
    const total = growth(requests);
    return { requests: total, bad: bad.map((course) => Math.min(total, growth(course))) };
  });
}
