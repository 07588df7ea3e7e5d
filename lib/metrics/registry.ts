import type { MetricProviderFactory } from '../ports/metrics.js';
import { prometheusProvider } from './prometheus/provider.js';

/** Values of `spec.provider.type` that have a provider. */
export type MetricProviderName = 'prometheus';

/** Every metric provider by its type. */
export const metricProviders = {
  prometheus: prometheusProvider,
} satisfies Record<MetricProviderName, MetricProviderFactory>;
