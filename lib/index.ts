export {
  type AlertProvider,
  AlertProviders,
  type AlertProviderSpec,
  type AlertProviderType,
} from './api/alertProvider.js';
export {
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
  type Phase,
  type SessionAffinity,
  type Webhook,
  type WebhookType,
} from './api/canary.js';
export { PerchError, type PerchErrorDetails } from './api/errors.js';
export type { KubeObject, ObjectMeta } from './api/kinds.js';
export {
  type MetricProviderSpec,
  type MetricProviderType,
  type MetricTemplate,
  MetricTemplates,
  type MetricTemplateSpec,
} from './api/metricTemplate.js';
