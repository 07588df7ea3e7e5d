import * as z from 'zod';
import { headerMatch, interval, requireOneSet, stringMap, stringMatch, whole } from '../schema/fields.js';
import { canaryAlert } from './alert.js';
import { canaryMetric } from './metric.js';
import { sessionAffinity } from './sessionAffinity.js';
import { webhook } from './webhook.js';

/** Requests of an A/B test; what else Istio can match on is pruned by Flagger's CRD. */
const analysisMatch = z.object({
  headers: z.record(z.string(), headerMatch()).optional().describe('Headers by name.'),
  queryParams: z.record(z.string(), stringMatch()).optional().describe('Query parameters by name.'),
  sourceLabels: stringMap().optional().describe('Labels of the workload that sends.'),
});

const strategies = requireOneSet([
  ['interval', 'threshold', 'iterations'],
  ['interval', 'threshold', 'stepWeight'],
  ['interval', 'threshold', 'stepWeights'],
]);

export const canaryAnalysis = z
  .object({
    interval: interval().describe('Time between checks, a duration; at least 10s.'),
    threshold: whole().describe('Failed checks that roll back.'),
    iterations: whole().optional().describe('Checks of a blue/green release or an A/B test.'),
    stepWeight: whole().optional().describe('Traffic added at each step, in percent.'),
    maxWeight: whole().optional().describe('Traffic of the canary before promotion, in percent.'),
    stepWeights: z.array(whole()).optional().describe('Traffic at each step, in percent, rising.'),
    stepWeightPromotion: whole().optional().describe('Traffic moved at each step of promotion; 0 is all.'),
    mirror: z.boolean().optional().describe('Requests are copied to the canary first.'),
    mirrorWeight: whole().optional().describe('Istio: share of requests to copy, in percent; 0 is all.'),
    primaryReadyThreshold: whole().optional().describe('Ready pods of the primary that suffice, in percent.'),
    canaryReadyThreshold: whole().optional().describe('Ready pods of the canary that suffice, in percent.'),
    match: z.array(analysisMatch).optional().describe('Requests that an A/B test sends to the canary.'),
    metrics: z.array(canaryMetric).optional().describe('Checks, in order; the first that fails ends them.'),
    alerts: z.array(canaryAlert).optional().describe('Who is told.'),
    webhooks: z.array(webhook).optional().describe('Hooks, called in order within their type.'),
    sessionAffinity: sessionAffinity.optional().describe('Whoever has seen the canary stays on it.'),
  })
  .refine(strategies.holds, {
    error: 'interval, threshold and exactly one of iterations, stepWeight, stepWeights',
  })
  .meta({ ...strategies.meta, description: 'How a new revision is judged.' });

export type AnalysisMatch = z.infer<typeof analysisMatch>;
export type HeaderMatch = z.infer<ReturnType<typeof headerMatch>>;
export type CanaryAnalysis = z.infer<typeof canaryAnalysis>;
