import * as z from 'zod';
import { defineKind, type KubeObject } from './kinds.js';
import { strings } from './schema/fields.js';
import { manifest } from './schema/manifest.js';

/** Every metric provider that a template can name. */
const metricProviderTypes = [
  'prometheus',
  'influxdb',
  'datadog',
  'externalmetrics',
  'stackdriver',
  'cloudwatch',
  'newrelic',
  'graphite',
  'dynatrace',
  'keptn',
  'splunk',
] as const;

const metricProvider = z.object({
  type: z.enum(metricProviderTypes).describe('What answers the query.'),
  address: z.string().optional().describe('Address of the provider.'),
  headers: z.record(z.string(), strings()).optional().describe('Prometheus: HTTP headers to send.'),
  secretRef: z
    .object({ name: z.string().describe('Name of the Secret.') })
    .optional()
    .describe("The Secret with the credentials, in the template's namespace."),
  region: z.string().optional().describe('CloudWatch: region.'),
  insecureSkipVerify: z
    .boolean()
    .optional()
    .describe("Prometheus, Graphite and external metrics: the server's certificate is not verified."),
});

export const metricTemplateSpec = z
  .object({
    provider: metricProvider.describe('Where the query is sent.'),
    query: z.string().describe('The query, a template with {{ namespace }}, {{ target }} and the like.'),
  })
  .describe('A query that canaries refer to by name.');

export const metricTemplateSchema = manifest('MetricTemplate', metricTemplateSpec);

export type MetricProviderType = (typeof metricProviderTypes)[number];
export type MetricProviderSpec = z.infer<typeof metricProvider>;
export type MetricTemplateSpec = z.infer<typeof metricTemplateSpec>;

/** A query that canaries refer to by name. */
export interface MetricTemplate extends KubeObject {
  spec: MetricTemplateSpec;
}

export const MetricTemplates = defineKind<MetricTemplate>(
  'flagger.app',
  'v1beta1',
  'MetricTemplate',
  'metrictemplates',
);
