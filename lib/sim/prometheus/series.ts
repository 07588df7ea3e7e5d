import { type Labels, signature } from './labels.js';

/** Samples of one series, oldest first; a NaN of `stale` ends it until it comes back. */
export interface Series {
  readonly labels: Labels;
  readonly times: number[];
  readonly values: number[];
  /** Epoch ms at which its target vanished. */
  staleAt: number | undefined;
  /** Appends what was not worth the work as long as nobody read it; called before each time that somebody does. */
  readonly fill?: (() => void) | undefined;
}

export type Matcher = (labels: Labels) => boolean;

/** The series of one name, and those that are made when somebody first reads series of that name. */
interface Family {
  readonly series: Map<string, Series>;
  readonly unmade: (() => void)[];
  /** What selectors find, until there is another series. */
  found: WeakMap<Matcher, readonly Series[]>;
}

/** What a Prometheus remembers. Times are epoch milliseconds. */
export class SeriesStore {
  /** Samples after this are on their way: queries do not see them yet. */
  visibleUntilMs = Number.POSITIVE_INFINITY;
  private readonly byName = new Map<string, Family>();

  constructor(private readonly retentionMs: number) {}

  /** The series of these labels, made on first use. Keep it to append many samples. */
  series(labels: Labels, fill?: () => void): Series {
    const family = this.family(labels.__name__ ?? '');
    const id = signature(labels);
    const known = family.series.get(id);
    if (known) return known;
    const made: Series = { labels, times: [], values: [], staleAt: undefined, fill };
    family.series.set(id, made);
    family.found = new WeakMap();
    return made;
  }

  /** Calls `make` before series of one of these names are read for the first time. */
  onceRead(names: readonly string[], make: () => void): void {
    for (const name of names) this.family(name).unmade.push(make);
  }

  append(series: Series, time: number, value: number): void {
    series.times.push(time);
    series.values.push(value);
    series.staleAt = undefined;
    const keep = time - this.retentionMs;
    if (series.times.length > 256 && series.times[128]! < keep) {
      series.times.splice(0, 128);
      series.values.splice(0, 128);
    }
  }

  /** The series of a name, or of any, whose labels match. A matcher that is used again is answered from memory. */
  select(name: string | undefined, matches: Matcher): Series[] {
    const names = name === undefined ? [...this.byName.keys()] : [name];
    return names.flatMap((each) => {
      const family = this.family(each);
      for (const make of family.unmade.splice(0)) make();
      const found =
        family.found.get(matches) ?? [...family.series.values()].filter(({ labels }) => matches(labels));
      family.found.set(matches, found);
      for (const { fill } of found) fill?.();
      return found;
    });
  }

  private family(name: string): Family {
    const known = this.byName.get(name) ?? { series: new Map(), unmade: [], found: new WeakMap() };
    this.byName.set(name, known);
    return known;
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
