import type { Canary, CanaryAnalysis, CanaryMetric, CanaryService, CanarySpec, Webhook } from './canary.js';
import { parseDuration, readDuration } from './duration.js';

/*
 * What a field counts as when it is left out or makes no sense: what Flagger 1.44 does in code, where its CRD
 * sets no default. Every reader of a spec asks here, so that no two rooms disagree.
 */

/** Values below 10 s are raised to it. */
export const shortestIntervalMs = 10_000;
const usualIntervalMs = 60_000;

/** Milliseconds between two checks: 60 s when the interval is no duration, and 10 s at least. */
export function analysisIntervalMs(spec: CanarySpec): number {
  const ms = readDuration(spec.analysis.interval) ?? usualIntervalMs;
  return Math.max(ms, shortestIntervalMs);
}

/** Failed checks that roll back: 1 when it is not positive. */
export function effectiveThreshold(analysis: CanaryAnalysis): number {
  return analysis.threshold > 0 ? analysis.threshold : 1;
}

/**
 * Traffic of the canary before promotion, in percent: the last of stepWeights, else maxWeight, else 100; never more
 * than 100, where Flagger waits for a maxWeight that no canary can reach.
 */
export function effectiveMaxWeight(analysis: CanaryAnalysis): number {
  const last = analysis.stepWeights?.at(-1);
  if (last !== undefined) return Math.min(last, 100);
  return Math.min(positiveOr(analysis.maxWeight, 100), 100);
}

/** Share of requests to copy, in percent: 100 when it is left out or 0. */
export function effectiveMirrorWeight(analysis: CanaryAnalysis): number {
  return positiveOr(analysis.mirrorWeight, 100);
}

/** Ready pods that suffice, in percent: 100 when left out. */
export function readyThresholds(analysis: CanaryAnalysis): { primary: number; canary: number } {
  return { primary: analysis.primaryReadyThreshold ?? 100, canary: analysis.canaryReadyThreshold ?? 100 };
}

/** Seconds a rollout may take without progress: 600 when left out. */
export function progressDeadlineSeconds(spec: CanarySpec): number {
  return spec.progressDeadlineSeconds ?? 600;
}

export type StrategyName = 'canary' | 'blue-green' | 'ab-testing';

/** An A/B test when requests are chosen and iterations counted, blue/green when only counted, else a canary. */
export function strategyOf(spec: CanarySpec): StrategyName {
  const { iterations = 0, match = [] } = spec.analysis;
  if (iterations <= 0) return 'canary';
  return match.length > 0 ? 'ab-testing' : 'blue-green';
}

/** Name of the Service that clients call; the names of the other two derive from it. */
export function apexName(spec: CanarySpec): string {
  return spec.service?.name || spec.targetRef.name;
}

/** Names of the three Services. */
export function serviceNames(canary: Canary): { apex: string; primary: string; canary: string } {
  const apex = apexName(canary.spec);
  return { apex, primary: `${apex}-primary`, canary: `${apex}-canary` };
}

/** Name of the primary workload. */
export function primaryName(canary: Canary): string {
  return `${canary.spec.targetRef.name}-primary`;
}

/** Name of the primary's autoscaler; undefined when the target has none. */
export function primaryScalerName(canary: Canary): string | undefined {
  const { autoscalerRef } = canary.spec;
  return autoscalerRef && `${autoscalerRef.name}-primary`;
}

/** Name of the generated Services' first port. */
export function portName(service: CanaryService): string {
  return service.portName || 'http';
}

/** Container port of the generated Services; '' and 0 count as left out. */
export function targetPort(service: CanaryService): number | string {
  return service.targetPort || service.port;
}

/** When a hook is called; '' and nothing are `rollout`. */
export function webhookType(webhook: Webhook): Exclude<Webhook['type'], '' | undefined> {
  return webhook.type || 'rollout';
}

/** Milliseconds an attempt may take: 10 s when left out. Throws `API_INVALID_DURATION` when it is no duration. */
export function webhookTimeoutMs(webhook: Webhook): number {
  const { timeout = '' } = webhook;
  return timeout.length < 2 ? 10_000 : parseDuration(timeout, `webhook ${webhook.name}: timeout`);
}

/** Window of a built-in or inline query; templates get what is written, empty or not. */
export function metricInterval(metric: CanaryMetric): string {
  return metric.interval || '1m';
}

/** Where a reference points: its own namespace, or that of the canary. */
export function referenceNamespace(canary: Canary, reference: { namespace?: string }): string {
  return reference.namespace || (canary.metadata.namespace ?? '');
}

/** True when a Gateway API route of the user's is driven, instead of one that is generated. */
export function drivesRoute({ routeRef }: Pick<CanarySpec, 'routeRef'>): boolean {
  return routeRef !== undefined && routeRef.kind !== 'ApisixRoute';
}

/** True for a target that Knative serves. */
export function isKnative({ apiVersion, kind }: CanarySpec['targetRef']): boolean {
  return apiVersion === 'serving.knative.dev/v1' && kind === 'Service';
}

function positiveOr(value: number | undefined, otherwise: number): number {
  return value !== undefined && value > 0 ? value : otherwise;
}
