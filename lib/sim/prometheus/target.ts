import { type Labels, signature } from './labels.js';
import type { Series, SeriesStore } from './series.js';

export interface Counter {
  readonly labels: Labels;
  value: number;
  series?: Series;
}

/** Upper bounds, in seconds, of Prometheus' default histogram (what ingress-nginx and podinfo expose). */
export const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface Histogram {
  readonly buckets: readonly Counter[];
  readonly sum: Counter;
  readonly count: Counter;
  /** Units in a second: 1000 for a histogram in milliseconds. */
  readonly perSecond: number;
}

/** What one process exposes on `/metrics`, and the labels that scraping adds. */
export class Target {
  private readonly counters = new Map<string, Counter>();
  private readonly histograms = new Map<string, Histogram>();

  constructor(private readonly targetLabels: Labels) {}

  /** A counter, there from its first use on, as in the Prometheus client libraries. */
  counter(name: string, labels: Labels): Counter {
    const all = { ...this.targetLabels, ...labels, __name__: name };
    const id = signature(all);
    const known = this.counters.get(id) ?? { labels: all, value: 0 };
    this.counters.set(id, known);
    return known;
  }

  histogram(name: string, labels: Labels, perSecond = 1): Histogram {
    const id = `${name}{${signature(labels)}}`;
    const known = this.histograms.get(id) ?? {
      buckets: [...bounds.map((bound) => String(bound * perSecond)), '+Inf'].map((le) =>
        this.counter(`${name}_bucket`, { ...labels, le }),
      ),
      sum: this.counter(`${name}_sum`, labels),
      count: this.counter(`${name}_count`, labels),
      perSecond,
    };
    this.histograms.set(id, known);
    return known;
  }

  /** Writes every counter's value as a sample. */
  scrape(store: SeriesStore, time: number): void {
    for (const counter of this.counters.values()) {
      counter.series ??= store.series(counter.labels);
      store.append(counter.series, time, counter.value);
    }
  }

  /** The process starts anew: its counters begin at 0. */
  restart(): void {
    for (const counter of this.counters.values()) counter.value = 0;
  }

  /** The target is gone: its series end now, as Prometheus' staleness markers end them. */
  vanish(time: number): void {
    for (const { series } of this.counters.values()) if (series) series.staleAt = time;
  }
}

/** Counts observations: how many fell into each bucket (one more than there are bounds), and their sum in seconds. */
export function observe(histogram: Histogram, counts: readonly number[], sum: number): void {
  let total = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    total += counts[bucket]!;
    histogram.buckets[bucket]!.value += total;
  }
  histogram.sum.value += sum * histogram.perSecond;
  histogram.count.value += total;
}
