import { type Labels, signature } from './labels.js';

/** Samples of one series, oldest first; a NaN of `stale` ends it until it comes back. */
export interface Series {
  readonly labels: Labels;
  readonly times: number[];
  readonly values: number[];
  /** Epoch ms at which its target vanished. */
  staleAt?: number;
}

export type Matcher = (labels: Labels) => boolean;

/** What a Prometheus remembers. Times are epoch milliseconds. */
export class SeriesStore {
  /** Samples after this are on their way: queries do not see them yet. */
  visibleUntilMs = Number.POSITIVE_INFINITY;
  private readonly byName = new Map<string, Map<string, Series>>();

  constructor(private readonly retentionMs: number) {}

  /** The series of these labels, made on first use. Keep it to append many samples. */
  series(labels: Labels): Series {
    const name = labels.__name__ ?? '';
    const family = this.byName.get(name) ?? new Map<string, Series>();
    this.byName.set(name, family);
    const id = signature(labels);
    const known = family.get(id) ?? { labels, times: [], values: [] };
    family.set(id, known);
    return known;
  }

  append(series: Series, time: number, value: number): void {
    series.times.push(time);
    series.values.push(value);
    delete series.staleAt;
    const keep = time - this.retentionMs;
    if (series.times.length > 256 && series.times[128]! < keep) {
      series.times.splice(0, 128);
      series.values.splice(0, 128);
    }
  }

  select(name: string | undefined, matches: Matcher): Series[] {
    const families = name === undefined ? [...this.byName.values()] : [this.byName.get(name) ?? new Map()];
    return families.flatMap((family: Map<string, Series>) =>
      [...family.values()].filter(({ labels }) => matches(labels)),
    );
  }
}

/** Index of the last sample that is not after `time`; -1 when there is none. */
export function lastIndex(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
