import type { Clock } from './clock.js';
import type { Cluster } from './cluster.js';
import type { Http } from './http.js';

/** What a metric provider answered; a provider that fails rejects with a PerchError. */
export type Measurement =
  | { readonly kind: 'value'; readonly value: number }
  /** No series, or NaN. `detail` is Flagger's text, e.g. `no values found`. */
  | { readonly kind: 'noData'; readonly detail: string };

/** One series of an answer, with the labels by which it is told from the others. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly measurement: Measurement;
}

/** One series of an answer with its values: at one time, or at several. */
export interface Course {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly atMs: number; readonly value: number }[];
}

/** Answers queries. One folder below `metrics/` a variant. */
export interface MetricProvider {
  query(query: string): Promise<Measurement>;
  /** Every series of the answer, where the provider can give more than one; rejects as `query` does. */
  series?(query: string): Promise<readonly Series[]>;
  /** The same as of a time, epoch ms, and with every value of a query that gives ranges. */
  seriesAt?(query: string, atMs: number): Promise<readonly Course[]>;
  /** Resolves when the provider answers at all; rejects with a PerchError otherwise. */
  online(): Promise<void>;
}

export interface MetricProviderContext {
  readonly http: Http;
  readonly clock: Clock;
  /** `spec.provider.address` of the template, or the metrics server's address. */
  readonly address: string;
  /** Decoded data of the Secret that the template names. */
  readonly secret?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly region?: string;
  readonly insecureSkipVerify?: boolean;
  /** The cluster that the controller runs in, for providers that keep their metrics there. */
  readonly cluster?: Cluster;
  /** Interval of the metric, milliseconds. */
  readonly intervalMs?: number;
}

export type MetricProviderFactory = (context: MetricProviderContext) => MetricProvider;

/** What a query's template may name: `{{ namespace }}`, `{{ variables.x }}`, … */
export interface QueryModel {
  readonly name: string;
  readonly namespace: string;
  readonly target: string;
  readonly service: string;
  readonly ingress: string;
  readonly route: string;
  /** Where a Knative Service is released: the revision that production is at. */
  readonly primaryRevision?: string;
  /** As the metric writes it, e.g. `1m`; '' when a templated metric names none. */
  readonly interval: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A query for several canaries at once. */
export interface SharedQuery {
  /** A template whose names are alternatives: `a|b`. */
  readonly query: string;
  /** Labels of the answer's series, and what of the model each holds. */
  readonly labels: Readonly<
    Record<string, keyof Omit<QueryModel, 'primaryRevision' | 'interval' | 'variables'>>
  >;
}

export interface BuiltinQuery {
  /** Which family of series answers, e.g. `nginx`, `http`. */
  readonly observer: string;
  /** A template, to be rendered. */
  readonly query: string;
  /** What one unit of the answer is: of a duration, milliseconds or seconds; of a rate, ignored. */
  readonly unit: 'ms' | 's';
  /** The same for several canaries, where the series say exactly whose they are. */
  readonly shared?: SharedQuery | undefined;
}

/** Where the values of a built-in metric come from: PromQL selectors, for finding out why there are none. */
export interface Traces {
  /** Who counts the requests, for people, e.g. `ingress-nginx`. */
  readonly source: string;
  /** Name of the series. */
  readonly series: string;
  readonly canary: string;
  /** The same of the primary, where it can be told apart. */
  readonly primary?: string;
  /** The canary's as a scrape job without `honor_labels` names its labels. */
  readonly disguised?: string;
  /** A series that is there without any request. */
  readonly alwaysThere?: string;
}

/**
 * PromQL that counts the requests of canary and primary in the same span, asked at its end, and the primary's past, asked
 * at its beginning: counters' values every ten seconds of an hour. By failures: how many requests there were, and how many failed; by slowness: how many
 * took no longer than each bound `le`, of `unitMs` milliseconds.
 */
export type CountQueries =
  | {
      readonly of: 'failures';
      readonly canary: FailureQueries;
      readonly primary: FailureQueries;
      readonly past: FailureQueries;
    }
  | {
      readonly of: 'slowness';
      readonly canary: string;
      readonly primary: string;
      readonly past: string;
      readonly unitMs: number;
    };

export interface FailureQueries {
  readonly requests: string;
  readonly bad: string;
}

/** The built-in queries and the language that templates are written in. */
export interface Queries {
  /** `provider` is the canary's, as in `spec.provider`. */
  builtin(provider: string, metric: 'request-success-rate' | 'request-duration'): BuiltinQuery;
  /** The counts behind a built-in metric, in so many ms; undefined where the provider's series do not tell canary from primary. */
  counts(
    provider: string,
    metric: 'request-success-rate' | 'request-duration',
    model: QueryModel,
    lengthMs: number,
  ): CountQueries | undefined;
  traces(provider: string, model: QueryModel): Traces;
  /** Names of the series in a query of the user's. */
  seriesIn(query: string): string[];
  /** Throws a PerchError when the template does not parse or names what the model does not have. */
  render(template: string, model: QueryModel): string;
}
