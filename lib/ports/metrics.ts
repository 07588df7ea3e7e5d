import type { Clock } from './clock.js';
import type { Http } from './http.js';

/** What a metric provider answered; a provider that fails rejects with a PerchError. */
export type Measurement =
  | { readonly kind: 'value'; readonly value: number }
  /** No series, or NaN. `detail` is Flagger's text, e.g. `no values found`. */
  | { readonly kind: 'noData'; readonly detail: string };

/** Answers queries. One folder below `metrics/` a variant. */
export interface MetricProvider {
  query(query: string): Promise<Measurement>;
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
  /** Interval of the metric, milliseconds. */
  readonly intervalMs?: number;
}

export type MetricProviderFactory = (context: MetricProviderContext) => MetricProvider;
