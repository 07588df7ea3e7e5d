export {
  type AlertProvider,
  type AlertProviderSpec,
  AlertProviders,
  type AlertProviderType,
} from './api/alertProvider.js';
export {
  type AnalysisMatch,
  type AutoscalerRef,
  Canaries,
  type Canary,
  type CanaryAlert,
  type CanaryAnalysis,
  type CanaryCondition,
  type CanaryMetric,
  type CanaryProvider,
  type CanaryService,
  type CanarySpec,
  type CanaryStatus,
  type CorsPolicy,
  type GatewayRef,
  type HttpMatch,
  type HttpRetry,
  type HttpRewrite,
  type IngressRef,
  type Phase,
  type RouteRef,
  type ServiceMetadata,
  type SessionAffinity,
  type StringMatch,
  type TargetRef,
  type TrafficPolicy,
  type UpstreamRef,
  type Webhook,
  type WebhookType,
} from './api/canary.js';
export { type CustomResourceDefinition, flaggerCrds } from './api/crds.js';
export { formatDuration, parseDuration, readDuration } from './api/duration.js';
export { PerchError, type PerchErrorDetails } from './api/errors.js';
export type { Kind, KubeObject, ObjectMeta, OwnerReference } from './api/kinds.js';
export {
  type MetricProviderSpec,
  type MetricProviderType,
  type MetricTemplate,
  type MetricTemplateSpec,
  MetricTemplates,
} from './api/metricTemplate.js';
export type { StructuralSchema } from './api/schema/structural.js';
export type { Problem, ProblemLevel } from './api/validation/problem.js';
export {
  inspectManifest,
  liveObject,
  type ParseOptions,
  parseAlertProvider,
  parseCanary,
  parseMetricTemplate,
  validateManifest,
} from './api/validation.js';
