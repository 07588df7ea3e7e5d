import * as z from 'zod';
import { dateTime, integer } from '../schema/fields.js';

function between(minimum: number, maximum: number) {
  return z
    .number()
    .refine((value) => value >= minimum && value <= maximum, {
      error: `a number from ${minimum} to ${maximum}`,
    })
    .meta({ minimum, maximum });
}

const templateReference = z.object({
  name: z.string().describe('Name of the MetricTemplate.'),
  namespace: z.string().optional().describe("Namespace of the template; the canary's when absent."),
});

/** The first is what counts when nothing is written. */
const undecidedPolicies = ['pass', 'wait'] as const;

export type UndecidedPolicy = (typeof undecidedPolicies)[number];

/** Of a metric: how the canary is compared with the primary over the same time. */
export const metricComparison = z
  .object({
    falsePositiveRate: between(0.0001, 0.5)
      .optional()
      .describe(
        'Highest probability that a version which is not worse is rolled back for it, however often it is looked at, 0.0001 to 0.5; 0.01 when absent.',
      ),
    tolerance: between(1, 100)
      .optional()
      .describe(
        "The canary may have so many times the primary's share of bad requests, 1 to 100; 1 when absent.",
      ),
    noticeable: between(1.1, 100)
      .optional()
      .describe(
        'So many times the tolerated share is too much for sure, 1.1 to 100; 2 when absent. Not worse is what has less.',
      ),
    slowerThan: between(1, 3_600_000)
      .optional()
      .describe(
        'request-duration: a request is bad that takes longer, in ms, by the next bucket of the histogram; every bucket when absent.',
      ),
    onUndecided: z
      .enum(undecidedPolicies)
      .optional()
      .describe(
        'What an undecided comparison does before the promotion: pass (as when absent), or wait until it is decided, and roll back when progressDeadlineSeconds are over.',
      ),
    requests: templateReference
      .optional()
      .describe('Counts the requests of {{ target }} in {{ interval }}; for metrics that are not built in.'),
    bad: templateReference.optional().describe('Counts those among them that were bad.'),
  })
  .describe(
    'Compares the canary with the primary over the same time, and rolls back at once when it is worse.',
  );

const counts = z.object({
  requests: z.number().describe('Requests counted so far.'),
  bad: z
    .array(z.number())
    .describe('Those that were bad; of a duration, those that took longer, by boundary.'),
});

const logarithms = z.array(z.array(z.number()));

/** What a comparison has found so far in a run. */
export const comparisonRecord = z.object({
  metric: z.string().describe('Name of the metric.'),
  since: dateTime().describe('From when on requests are counted, with milliseconds.'),
  until: dateTime().describe('Until when they have been counted: the next look begins there.'),
  looks: integer({ minimum: 0 }).describe('How often there was something to count.'),
  tolerance: z.number().describe('As compared with.'),
  noticeable: z.number().describe('As compared with.'),
  verdict: z.string().describe('worse, notWorse or undecided.'),
  canary: counts.describe('What the canary has done.'),
  primary: counts.describe('What the primary has done in the same time.'),
  boundaries: z.array(z.number()).optional().describe('Of a duration: the boundaries compared at, in ms.'),
  dispersion: z
    .array(z.number())
    .optional()
    .describe('How much more the bad requests of the primary vary than by chance alone, by boundary.'),
  worse: logarithms.describe('Logarithms of the evidence that the canary is worse, by boundary.'),
  notWorse: logarithms.describe('Logarithms of the evidence that it is not, by boundary.'),
});

export type MetricComparison = z.infer<typeof metricComparison>;
export type ComparisonRecord = z.infer<typeof comparisonRecord>;
