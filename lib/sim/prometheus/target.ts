import type { SeededRandom } from '../random.js';
import { Histogram } from './histogram.js';
import { type Labels, signature } from './labels.js';
import type { Series, SeriesStore } from './series.js';

export interface Counter {
  readonly labels: Labels;
  value: number;
  series?: Series;
}

/** What one process exposes on `/metrics`, and the labels that scraping adds. */
export class Target {
  private readonly counters = new Map<string, Counter>();
  private readonly histograms = new Map<string, Histogram>();

  constructor(
    private readonly targetLabels: Labels,
    private readonly random: SeededRandom,
  ) {}

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
    const known = this.histograms.get(id);
    if (known) return known;
    const identity = { name, labels: { ...this.targetLabels, ...labels }, perSecond };
    const made = new Histogram(identity, this.random.fork(id));
    this.histograms.set(id, made);
    return made;
  }

  /** Writes every counter's value as a sample. */
  scrape(store: SeriesStore, time: number): void {
    for (const counter of this.counters.values()) {
      counter.series ??= store.series(counter.labels);
      store.append(counter.series, time, counter.value);
    }
    for (const histogram of this.histograms.values()) histogram.scrape(store, time);
  }

  /** The process starts anew: its counters begin at 0. */
  restart(): void {
    for (const counter of this.counters.values()) counter.value = 0;
    for (const histogram of this.histograms.values()) histogram.restart();
  }

  /** The target is gone: its series end now, as Prometheus' staleness markers end them. */
  vanish(time: number): void {
    for (const { series } of this.counters.values()) if (series) series.staleAt = time;
    for (const histogram of this.histograms.values()) histogram.vanish(time);
  }
}
