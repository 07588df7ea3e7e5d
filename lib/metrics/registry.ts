import type { MetricProviderFactory } from '../ports/metrics.js';
import { cloudwatchProvider } from './cloudwatch/provider.js';
import { datadogProvider } from './datadog/provider.js';
import { dynatraceProvider } from './dynatrace/provider.js';
import { externalMetricsProvider } from './externalmetrics/provider.js';
import { graphiteProvider } from './graphite/provider.js';
import { influxdbProvider } from './influxdb/provider.js';
import { keptnProvider } from './keptn/provider.js';
import { newRelicProvider } from './newrelic/provider.js';
import { prometheusProvider } from './prometheus/provider.js';
import { splunkProvider } from './splunk/provider.js';
import { stackdriverProvider } from './stackdriver/provider.js';

/** Values of `spec.provider.type` that have a provider. */
export type MetricProviderName =
  | 'prometheus'
  | 'influxdb'
  | 'datadog'
  | 'stackdriver'
  | 'cloudwatch'
  | 'newrelic'
  | 'graphite'
  | 'dynatrace'
  | 'splunk'
  | 'keptn'
  | 'externalmetrics';

/** Every metric provider by its type. */
export const metricProviders = {
  prometheus: prometheusProvider,
  influxdb: influxdbProvider,
  datadog: datadogProvider,
  stackdriver: stackdriverProvider,
  cloudwatch: cloudwatchProvider,
  newrelic: newRelicProvider,
  graphite: graphiteProvider,
  dynatrace: dynatraceProvider,
  splunk: splunkProvider,
  keptn: keptnProvider,
  externalmetrics: externalMetricsProvider,
} satisfies Record<MetricProviderName, MetricProviderFactory>;
