import * as z from 'zod';
import { canaryAnalysis } from './canary/analysis.js';
import { autoscalerRef, ingressRef, routeRef, targetRef, upstreamRef } from './canary/references.js';
import { canaryService } from './canary/service.js';
import { canaryStatus } from './canary/status.js';
import { defineKind, type KubeObject } from './kinds.js';
import { whole } from './schema/fields.js';
import { manifest } from './schema/manifest.js';

/** Every provider that a canary can name. */
const providers = [
  'apisix',
  'appmesh',
  'appmesh:v1beta2',
  'contour',
  'gatewayapi:v1',
  'gatewayapi:v1beta1',
  'gloo',
  'istio',
  'knative',
  'kubernetes',
  'kuma',
  'linkerd',
  'nginx',
  'osm',
  'skipper',
  'smi:v1alpha1',
  'smi:v1alpha2',
  'smi:v1alpha3',
  'traefik',
] as const;

export const canarySpec = z
  .object({
    provider: z
      .enum(providers)
      .optional()
      .describe("What routes traffic; the controller's choice when absent."),
    metricsServer: z.string().optional().describe('Address of the Prometheus for built-in checks.'),
    progressDeadlineSeconds: whole()
      .optional()
      .describe('Seconds a rollout may take before it is rolled back; 600 when absent.'),
    targetRef,
    autoscalerRef: autoscalerRef.optional(),
    ingressRef: ingressRef.optional(),
    ingressRefs: z
      .array(ingressRef)
      .optional()
      .describe('Further Ingresses that lead to the same application; for nginx.'),
    routeRef: routeRef.optional(),
    upstreamRef: upstreamRef.optional(),
    service: canaryService.optional(),
    skipAnalysis: z.boolean().optional().describe('New revisions are promoted without checks.'),
    revertOnDeletion: z.boolean().optional().describe('Deleting the canary puts back what was there before.'),
    suspend: z.boolean().optional().describe('Nothing is done until it is false again.'),
    analysis: canaryAnalysis,
  })
  .describe('What to release, and how.');

export const canarySchema = manifest('Canary', canarySpec).extend({ status: canaryStatus.optional() });

export type CanaryProvider = (typeof providers)[number];
export type CanarySpec = z.infer<typeof canarySpec>;

/** A release policy for one workload. */
export interface Canary extends KubeObject {
  spec: CanarySpec;
  status?: z.infer<typeof canaryStatus>;
}

export const Canaries = defineKind<Canary>('flagger.app', 'v1beta1', 'Canary', 'canaries');

export type { CanaryAlert } from './canary/alert.js';
export type { AnalysisMatch, CanaryAnalysis, HeaderMatch } from './canary/analysis.js';
export type { ComparisonRecord, MetricComparison, UndecidedPolicy } from './canary/comparison.js';
export {
  type ControlRecord,
  type ControlRequest,
  type ControlVerb,
  controlAnnotation,
  controlVerbs,
  readControl,
} from './canary/control.js';
export type { GatewayRef, RequestMirror } from './canary/gateway.js';
export type { Measurement, RunRecord, RunStep } from './canary/history.js';
export type {
  CorsPolicy,
  HeaderOperations,
  Headers,
  HttpMatch,
  HttpRetry,
  HttpRewrite,
  StringMatch,
} from './canary/http.js';
export type { CanaryMetric, NoDataPolicy } from './canary/metric.js';
export type { AutoscalerRef, IngressRef, RouteRef, TargetRef, UpstreamRef } from './canary/references.js';
export type { CanaryService, ServiceMetadata } from './canary/service.js';
export type { SessionAffinity } from './canary/sessionAffinity.js';
export {
  type CanaryCondition,
  type CanaryStatus,
  type Phase,
  phases,
  type UnsaidAlert,
} from './canary/status.js';
export type { TrafficPolicy } from './canary/trafficPolicy.js';
export type { Webhook, WebhookType } from './canary/webhook.js';
