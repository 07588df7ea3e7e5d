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
  type HeaderMatch,
  type HeaderOperations,
  type Headers,
  type HttpMatch,
  type HttpRetry,
  type HttpRewrite,
  type IngressRef,
  type MetricComparison,
  type NoDataPolicy,
  type Phase,
  type RequestMirror,
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
export { type CustomResourceDefinition, flaggerCrds, type PrinterColumn } from './api/crds.js';
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
export { Alert, type AlertLevel, type SlackAlertProps, type TeamsAlertProps } from './constructs/alert.js';
export type { SessionAffinityProps } from './constructs/app/affinity.js';
export { CanaryApp, type CanaryAppProps } from './constructs/app/canaryApp.js';
export {
  CanaryRelease,
  type CanaryReleaseProps,
  type ReleasePolicyProps,
} from './constructs/app/canaryRelease.js';
export { type AcceptanceProps, Check, type HookProps, type HookWithUrl } from './constructs/app/check.js';
export type {
  ComparisonProps,
  CountedComparisonProps,
  DurationComparisonProps,
} from './constructs/app/comparison.js';
export type { Command, Endpoints } from './constructs/app/endpoints.js';
export type { GatewayImplementation } from './constructs/app/gatewayQueries.js';
export type { IngressOptions } from './constructs/app/ingress.js';
export type { LoadProps } from './constructs/app/loadCommand.js';
export { type HeaderMatchProps, Match } from './constructs/app/match.js';
export {
  type ComparedMetricProps,
  type DurationProps,
  Metric,
  type MetricProps,
  type PromqlMetricProps,
  type RangeProps,
  type SuccessRateProps,
  type TemplateMetricProps,
} from './constructs/app/metric.js';
export { Probe, type ProbeProps } from './constructs/app/probe.js';
export {
  type AbTestStrategyProps,
  type AnalysisProps,
  type BlueGreenStrategyProps,
  type CanaryStrategyProps,
  type IterationStrategyProps,
  type MirrorProps,
  Strategy,
} from './constructs/app/strategy.js';
export type { AutoscalingProps, WorkloadProps } from './constructs/app/workload.js';
export type { AlertRulesProps } from './constructs/platform/alertRules.js';
export { CanaryPlatform, type CanaryPlatformProps } from './constructs/platform/canaryPlatform.js';
export type { ContourProps } from './constructs/platform/contour/props.js';
export type { ControllerProps } from './constructs/platform/controller.js';
export type { Support } from './constructs/platform/controllerRoles.js';
export type { LoadTesterProps } from './constructs/platform/loadTester.js';
export {
  type ExistingPrometheusProps,
  Metrics,
  type PrometheusProps,
} from './constructs/platform/metrics.js';
export { Routing } from './constructs/platform/routing.js';
export type {
  ApisixProps,
  AppMeshProps,
  ExistingGatewayProps,
  GatewayApiProps,
  GatewayRouteProps,
  IngressNginxProps,
  InstalledGatewayProps,
  IstioProps,
  LinkerdProps,
  RouterProps,
  SkipperProps,
  SmiProps,
  TraefikIngressNginxProps,
  TraefikProps,
} from './constructs/platform/routingProps.js';
export type { Resources } from './constructs/resources.js';
export type { SecretKey } from './constructs/secretKey.js';
