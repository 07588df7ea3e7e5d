import type { CanaryAlert, CanaryAnalysis } from '../../api/canary.js';
import type { Alert } from '../alert.js';
import { constructError } from '../failure.js';
import { define } from '../manifest.js';
import type { Check } from './check.js';
import type { Endpoints } from './endpoints.js';
import type { Metric, MetricContext } from './metric.js';
import { checkUnique } from './range.js';
import type { Strategy } from './strategy.js';

export interface AnalysisParts {
  readonly strategy: Strategy;
  readonly metrics: readonly Metric[];
  readonly checks: readonly Check[];
  readonly alerts: readonly Alert[];
  readonly endpoints: Endpoints;
}

/** `spec.analysis`; adds the MetricTemplates and AlertProviders it needs to the scope. */
export function renderAnalysis(context: MetricContext, parts: AnalysisParts): CanaryAnalysis {
  const { scope, platform } = context;
  checkUnique(
    scope,
    'metrics',
    parts.metrics.map(({ name }) => name),
  );
  checkUnique(
    scope,
    'alerts',
    parts.alerts.map(({ props }) => props.name),
  );
  const hooks = parts.checks.map((check) =>
    check.bind({ scope, endpoints: parts.endpoints, loadTester: platform.loadTester }),
  );
  checkUnique(
    scope,
    'checks',
    hooks.map(({ name }) => name),
  );
  const alerts = parts.alerts.map((alert) => bindAlert(context, alert));
  return {
    ...parts.strategy.render(scope, context.provider),
    metrics: parts.metrics.map((metric) => metric.bind(context)),
    ...(hooks.length > 0 && { webhooks: hooks }),
    ...(alerts.length > 0 && { alerts }),
  };
}

function bindAlert({ scope, name, namespace }: MetricContext, alert: Alert): CanaryAlert {
  alert.check(scope);
  const { name: alertName, webhookUrl, proxy, channel, username, level = 'info' } = alert.props;
  if (webhookUrl.key !== undefined && webhookUrl.key !== 'address') {
    throw constructError(scope, {
      code: 'CONSTRUCT_ALERT_SECRET_KEY',
      message: `alert ${alertName}: expected the webhook's URL under the Secret's key "address", got key ${JSON.stringify(webhookUrl.key)}`,
      remedy:
        'an AlertProvider reads the key "address" only: keep the URL there, or use the alert of the platform',
    });
  }
  const provider = `${name}-${alertName}`;
  define(scope, `alert-${alertName}`, {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'AlertProvider',
    metadata: { name: provider, namespace },
    spec: { type: alert.type, channel, username, proxy, secretRef: { name: webhookUrl.secretName } },
  });
  return { name: alertName, severity: level, providerRef: { name: provider } };
}
