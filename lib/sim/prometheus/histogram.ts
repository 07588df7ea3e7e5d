import type { Random } from '../../ports/random.js';
import type { Labels } from './labels.js';
import type { Series, SeriesStore } from './series.js';

/** Upper bounds, in seconds, of Prometheus' default histogram (what ingress-nginx and podinfo expose). */
export const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How observations spread over the buckets, of which there is one more than there are bounds. */
export interface Spread {
  /** Adds to `counts` how many of `count` observations fall into each bucket, by chance, and returns their sum in seconds. */
  readonly draw: (random: Random, count: number, counts: number[]) => number;
}

interface Observations {
  count: number;
  readonly spread: Spread;
}

/** A scrape, and what was observed since the one before. */
interface Scrape {
  readonly time: number;
  readonly observed: readonly Observations[];
}

interface Written {
  readonly buckets: readonly Series[];
  readonly sum: Series;
  readonly count: Series;
}

const nothing: readonly Observations[] = [];

/** Scrapes that wait to be read, at most: as much memory as an hour's samples, which are kept anyway. */
const unreadScrapes = 2000;

export interface HistogramIdentity {
  readonly name: string;
  readonly labels: Labels;
  /** Units in a second: 1000 for a histogram in milliseconds. */
  readonly perSecond: number;
}

/**
 * A histogram whose observations are drawn when somebody reads one of its series: most histograms nobody ever asks
 * for. It has a generator of its own, so that the samples are the same whoever reads, and when.
 */
export class Histogram {
  private waiting: Observations[] = [];
  private unread: Scrape[] = [];
  private readonly counts = [...bounds, Number.POSITIVE_INFINITY].map(() => 0);
  private seconds = 0;
  private store: SeriesStore | undefined;
  private written: Written | undefined;
  private vanishedAt: number | undefined;

  constructor(
    private readonly identity: HistogramIdentity,
    private readonly random: Random,
  ) {}

  observe(count: number, spread: Spread): void {
    const last = this.waiting.at(-1);
    if (last?.spread === spread) last.count += count;
    else this.waiting.push({ count, spread });
  }

  scrape(store: SeriesStore, time: number): void {
    if (!this.store) {
      const { name } = this.identity;
      this.store = store;
      store.onceRead([`${name}_bucket`, `${name}_sum`, `${name}_count`], () => {
        this.written ??= this.seriesIn(store);
      });
    }
    const idle = this.waiting.length === 0;
    this.unread.push({ time, observed: idle ? nothing : this.waiting });
    if (!idle) this.waiting = [];
    if (this.unread.length > unreadScrapes) this.write();
  }

  /** Begins at 0; what was not scraped is lost. */
  restart(): void {
    this.write();
    this.waiting = [];
    this.counts.fill(0);
    this.seconds = 0;
  }

  vanish(time: number): void {
    this.vanishedAt = time;
    this.end();
  }

  /** Writes the samples of all scrapes until now. */
  private write(): void {
    const { store } = this;
    if (!store || this.unread.length === 0) return;
    this.written ??= this.seriesIn(store);
    const { buckets, sum, count } = this.written;
    for (const { time, observed } of this.unread) {
      for (const { count: here, spread } of observed)
        this.seconds += spread.draw(this.random, here, this.counts);
      let total = 0;
      for (let bucket = 0; bucket < buckets.length; bucket++) {
        total += this.counts[bucket]!;
        store.append(buckets[bucket]!, time, total);
      }
      store.append(sum, time, this.seconds * this.identity.perSecond);
      store.append(count, time, total);
    }
    this.unread = [];
    this.end();
  }

  /** Ends what is written, once the target has vanished. */
  private end(): void {
    if (!this.written || this.vanishedAt === undefined) return;
    const { buckets, sum, count } = this.written;
    for (const series of [...buckets, sum, count]) series.staleAt = this.vanishedAt;
  }

  private seriesIn(store: SeriesStore): Written {
    const { name, labels, perSecond } = this.identity;
    const limits = [...bounds.map((bound) => String(bound * perSecond)), '+Inf'];
    const series = (suffix: string, le: Labels = {}) =>
      store.series({ ...labels, __name__: `${name}_${suffix}`, ...le }, () => this.write());
    return {
      buckets: limits.map((le) => series('bucket', { le })),
      sum: series('sum'),
      count: series('count'),
    };
  }
}
