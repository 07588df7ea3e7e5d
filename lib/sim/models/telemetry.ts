import type { Clock } from '../../ports/clock.js';
import type { Random } from '../../ports/random.js';
import { binomial } from '../chance.js';
import type { ApiServer } from '../cluster/apiServer.js';
import { SeriesStore } from '../prometheus/series.js';
import { everyRouter } from '../routers/registry.js';
import type { Counting } from './counting.js';
import { withLowerCaseHeaders } from './headers.js';
import type { Pod, Pods } from './pods.js';
import type { Destination, Routing } from './routing.js';
import { requestsBetween, type TrafficSource } from './traffic.js';

export interface TelemetryOptions {
  /** Milliseconds between two scrapes of a target. */
  readonly scrapeIntervalMs: number;
  /** Is the router's process scraped at all? */
  readonly scrapesRouter: boolean;
  /** Milliseconds for which samples are kept. */
  readonly retentionMs: number;
  /** Milliseconds from a scrape until queries see its samples, as behind a remote write. */
  readonly delayMs: number;
  /** Spans without scrapes, epoch ms. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[];
}

export interface TelemetryWorld {
  readonly server: ApiServer;
  readonly clock: Clock;
  readonly random: Random;
  readonly pods: Pods;
  readonly routing: Routing;
  readonly counting: Counting;
}

const routingKinds: ReadonlySet<string> = new Set([
  ...['Ingress', 'Service'],
  ...everyRouter.flatMap(({ kinds }) => kinds.map(({ kind }) => kind)),
]);

/**
 * Traffic and its measurement, in arrears: while routes and pods stay as they are nothing needs computing, so the
 * time until now is accounted for when they change or when somebody queries. No timer, no work in an idle cluster.
 */
export class Telemetry {
  readonly store: SeriesStore;
  private sources: TrafficSource[] = [];
  private routes = new Map<TrafficSource, readonly Destination[]>();
  private scraped: readonly Pod[] = [];
  private gone: readonly Pod[] = [];
  private settledTo: number;

  constructor(
    private readonly world: TelemetryWorld,
    private readonly options: TelemetryOptions,
  ) {
    this.store = new SeriesStore(options.retentionMs);
    this.settledTo = world.clock.now();
    world.pods.onChange(() => this.changed());
    world.server.store.onChange(({ stored }) => {
      if (routingKinds.has(stored.kind.kind)) this.changed();
    });
  }

  add(given: TrafficSource): void {
    this.settle();
    const source = withLowerCaseHeaders(given);
    this.sources.push(source);
    this.routes.set(source, this.world.routing.through(source));
  }

  /** Accounts for the time until now by routes and pods as they were, and reads them anew. */
  changed(): void {
    this.settle();
    const now = this.world.clock.now();
    this.sources = this.sources.filter(({ endMs }) => endMs === undefined || endMs > now);
    this.routes = new Map(this.sources.map((source) => [source, this.world.routing.through(source)]));
    const { pods } = this.world;
    this.gone = [...this.gone, ...this.scraped.filter((pod) => !pods.has(pod))];
    this.scraped = pods
      .all()
      .filter((pod) => pod.annotations['prometheus.io/scrape'] === 'true' && pod.ready);
  }

  /** Brings counters and scraped series up to now. */
  settle(): void {
    this.settleScrapes();
    this.passUntil(this.world.clock.now());
  }

  /** Brings scraped series up to now, and nothing else: so that what one query finds is not changed by another. */
  settleScrapes(): void {
    const now = this.world.clock.now();
    const { scrapeIntervalMs, retentionMs, delayMs } = this.options;
    if (delayMs > 0) this.store.visibleUntilMs = now - delayMs;
    if (now - this.settledTo > retentionMs) this.passUntil(now - retentionMs);
    let next = this.settledTo - (this.settledTo % scrapeIntervalMs) + scrapeIntervalMs;
    for (; next <= now; next += scrapeIntervalMs) {
      this.passUntil(next);
      this.scrape(next);
    }
  }

  private passUntil(time: number): void {
    if (time <= this.settledTo) return;
    const from = this.settledTo;
    this.settledTo = time;
    for (const source of this.sources) {
      const count = requestsBetween(source, from, time);
      if (count > 0) this.send(source, count);
    }
  }

  private send(source: TrafficSource, count: number): void {
    let left = count;
    let remaining = 1;
    for (const destination of this.routes.get(source) ?? []) {
      const there = binomial(this.world.random, left, Math.min(1, destination.share / remaining));
      if (there > 0) this.world.counting.requests(destination, source, there, this.settledTo);
      left -= there;
      remaining -= destination.share;
    }
  }

  private scrape(time: number): void {
    if (this.options.gaps.some(({ fromMs, toMs }) => fromMs <= time && time < toMs)) return;
    const { counting } = this.world;
    if (this.options.scrapesRouter) counting.router.scrape(this.store, time);
    for (const pod of this.scraped) counting.application(pod).scrape(this.store, time);
    for (const pod of this.gone) counting.forget(pod)?.vanish(time);
    this.gone = [];
  }
}
