import * as z from 'zod';
import { interval, stringMap } from '../schema/fields.js';
import { metricComparison } from './comparison.js';

/** The first is what counts when nothing is written: Flagger's way. */
const noDataPolicies = ['fail', 'wait', 'pass'] as const;

export type NoDataPolicy = (typeof noDataPolicies)[number];

export const canaryMetric = z.object({
  name: z
    .string()
    .describe('request-success-rate and request-duration are built in; others need a template.'),
  interval: interval().optional().describe('Window of the query, a duration; 1m when absent.'),
  threshold: z.number().optional().describe('Deprecated: use thresholdRange.'),
  thresholdRange: z
    .object({
      min: z.number().optional().describe('Smallest good value.'),
      max: z.number().optional().describe('Largest good value.'),
    })
    .optional()
    .describe('Values that pass the check; percent for success rate, milliseconds for duration.'),
  query: z.string().optional().describe('Deprecated: PromQL for the metrics server; use templateRef.'),
  templateRef: z
    .object({
      name: z.string().describe('Name of the MetricTemplate.'),
      namespace: z.string().optional().describe("Namespace of the template; the canary's when absent."),
    })
    .optional()
    .describe('The MetricTemplate with the query.'),
  onNoData: z
    .enum(noDataPolicies)
    .optional()
    .describe(
      'What a check counts as when the metric has no values: fail (as when absent), wait, until progressDeadlineSeconds are over, or pass.',
    ),
  comparison: metricComparison.optional(),
  templateVariables: stringMap().optional().describe('Values of {{ variables.x }} in the template.'),
});

export type CanaryMetric = z.infer<typeof canaryMetric>;
