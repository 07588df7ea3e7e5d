import * as z from 'zod';
import { dateTime, integer, stringMap, whole } from '../schema/fields.js';
import { comparisonRecord } from './comparison.js';
import { controlRecord, pauseRecord } from './control.js';
import { runRecord } from './history.js';

/** Every phase of Flagger 1.44; '' is a canary nobody has looked at yet, Terminated is never written. */
export const phases = [
  '',
  'Initializing',
  'Initialized',
  'Waiting',
  'Progressing',
  'WaitingPromotion',
  'Promoting',
  'Finalising',
  'Succeeded',
  'Failed',
  'Terminating',
  'Terminated',
] as const;

const canaryCondition = z.object({
  type: z.string().describe('Promoted, Ready, Reconciling or Stalled.'),
  status: z.string().describe('True, False or Unknown.'),
  reason: z.string().describe('The phase, or one word more exact.'),
  message: z.string().optional().describe('The same for people.'),
  lastUpdateTime: dateTime().optional().describe('When the condition was last written.'),
  lastTransitionTime: dateTime().optional().describe('When its status last changed.'),
  observedGeneration: integer()
    .optional()
    .describe('metadata.generation that it is about; Promoted has none.'),
});

const unsaidAlert = z
  .object({
    alert: z.enum(['initialized', 'newRevision', 'confirm-rollout', 'confirm-promotion']).describe('Which.'),
    at: dateTime().describe('When what it tells came about, with milliseconds.'),
  })
  .describe('The alert that is on its way: whoever takes over before it has arrived sends it.');

export const canaryStatus = z
  .object({
    phase: z.enum(phases).optional().describe('Where the release is.'),
    failedChecks: whole().optional().describe('Failed checks of this run.'),
    canaryWeight: whole().optional().describe('Traffic the canary is meant to have, in percent.'),
    matched: z
      .boolean()
      .optional()
      .describe('The canary’s weight is one of the requests that match, in an A/B test.'),
    iterations: whole().optional().describe('Checks passed in this blue/green or A/B run.'),
    trackedConfigs: stringMap().optional().describe('Checksums of the ConfigMaps and Secrets in use.'),
    lastAppliedSpec: z.string().optional().describe('Revision that was last looked at.'),
    lastPromotedSpec: z.string().optional().describe('Revision that was last promoted.'),
    lastTransitionTime: dateTime().optional().describe('When the status was last written.'),
    lastCheckTime: dateTime()
      .optional()
      .describe(
        'When the last check of this run was due, with milliseconds; the next is one interval later.',
      ),
    noDataSince: dateTime()
      .optional()
      .describe('Since when the run waits for a metric with onNoData: wait to have values.'),
    notReadySince: dateTime()
      .optional()
      .describe('Since when a run under way is held up by pods that are not ready, or by its target.'),
    unsaid: unsaidAlert.optional(),
    undecidedSince: dateTime()
      .optional()
      .describe('Since when the promotion waits for a comparison with onUndecided: wait.'),
    comparisons: z
      .array(comparisonRecord)
      .optional()
      .describe('What the comparisons with the primary have found in this run.'),
    sessionAffinityCookie: z.string().optional().describe('Cookie of this run, as name=value.'),
    primarySessionAffinityCookie: z.string().optional().describe('Cookie of the primary, as name=value.'),
    previousSessionAffinityCookie: z.string().optional().describe('Cookie of the run before, as name=value.'),
    paused: pauseRecord.optional(),
    control: z.array(controlRecord).optional().describe('The last ten requests, in order.'),
    conditions: z
      .array(canaryCondition)
      .optional()
      .describe('Promoted, and Ready, Reconciling and Stalled for tools.'),
    observedGeneration: integer()
      .optional()
      .describe('metadata.generation of the Canary that was last seen.'),
    observedRevision: z.string().optional().describe('Revision of the target that was last seen.'),
    history: z
      .array(runRecord)
      .optional()
      .describe('The last ten runs, the newest last; steps of the oldest give way beyond 32 KiB.'),
  })
  .describe('Where the release is; the only memory of the controller.');

export type Phase = (typeof phases)[number];
export type CanaryCondition = z.infer<typeof canaryCondition>;
export type CanaryStatus = z.infer<typeof canaryStatus>;
export type UnsaidAlert = z.infer<typeof unsaidAlert>;
