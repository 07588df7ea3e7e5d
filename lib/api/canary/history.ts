import * as z from 'zod';
import { dateTime, integer } from '../schema/fields.js';

const measurement = z.object({
  metric: z.string().describe('Name of the metric.'),
  value: z.number().optional().describe('What was measured, to six digits; absent when there was no number.'),
  min: z.number().optional().describe('Least value that passes.'),
  max: z.number().optional().describe('Greatest value that passes.'),
  primary: z.number().optional().describe('Of a comparison: the same of the primary.'),
  verdict: z.string().optional().describe('Of a comparison: worse, notWorse or undecided.'),
});

const runStep = z.object({
  at: dateTime().describe('When it was taken first.'),
  weight: integer({ minimum: 0, maximum: 100 }).describe(
    'Traffic of the canary from then on, in percent; of the step that ended the run: until then.',
  ),
  iteration: integer({ minimum: 0 }).optional().describe('Checks passed, in a blue/green or A/B run.'),
  reason: z.string().describe('Why, as one word such as weightAdvanced or metricBreached.'),
  message: z.string().optional().describe('The same for people, where weight and reason do not say it all.'),
  times: integer({ minimum: 2 }).optional().describe('How often in a row, when more than once.'),
  measured: z.array(measurement).optional().describe('What the check before it measured.'),
});

export const runRecord = z.object({
  revision: z.string().describe('What was to be released.'),
  from: z.string().optional().describe('Image of the primary when the run started.'),
  to: z.string().optional().describe('Image of the target.'),
  startedAt: dateTime().describe('When the revision was found.'),
  endedAt: dateTime().optional().describe('When the run was over; absent as long as it is not.'),
  outcome: z.string().optional().describe('Succeeded, Failed, or Superseded by a newer revision.'),
  cause: z.string().optional().describe('Why it failed.'),
  folded: integer({ minimum: 1 }).optional().describe('Steps left out at the beginning, to save room.'),
  steps: z.array(runStep).describe('What was done, in order.'),
});

export type Measurement = z.infer<typeof measurement>;
export type RunStep = z.infer<typeof runStep>;
export type RunRecord = z.infer<typeof runRecord>;
