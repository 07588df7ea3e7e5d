import { type ApiObject, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { define } from '../manifest.js';
import { wholeSeconds } from '../period.js';
import type { Shape } from '../shape.js';

export interface AlertRulesProps {
  /** By which the Prometheus operator finds the PrometheusRule, e.g. `{ release: 'kube-prometheus' }`. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** How long a release may be under way before somebody looks. @default 2 hours */
  readonly stuckAfter?: Duration;
}

export const alertRulesShape: Shape<AlertRulesProps> = { labels: 'object', stuckAfter: 'duration' };

interface Rule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold. @default - at once */
  readonly for?: string;
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
  /** What to do. */
  readonly description: string;
}

const rulesFor = (stuckSeconds: number): readonly Rule[] => [
  {
    alert: 'PerchControllerAbsent',
    expr: 'absent(flagger_info)',
    for: '5m',
    severity: 'critical',
    summary: 'No controller of canaries is running',
    description:
      'Nothing is released or rolled back; the traffic stays as it is. Look at the pods and the log of perch-controller.',
  },
  {
    alert: 'PerchCanaryRolledBack',
    expr: 'sum by (name, namespace) (increase(flagger_canary_failures_total[15m])) > 0',
    severity: 'warning',
    summary: 'The new version of {{ $labels.name }} in {{ $labels.namespace }} was rolled back',
    description:
      'perch history {{ $labels.name }} -n {{ $labels.namespace }} --steps says by which metric or hook.',
  },
  {
    alert: 'PerchCanaryStuck',
    expr: 'flagger_canary_status == 0',
    for: `${stuckSeconds}s`,
    severity: 'warning',
    summary: 'The release of {{ $labels.name }} in {{ $labels.namespace }} does not come to an end',
    description:
      'It waits for pods, or for a metric that has no values: perch status {{ $labels.name }} -n {{ $labels.namespace }} says for which.',
  },
  {
    alert: 'PerchRightsMissing',
    expr: 'sum by (verb, group, resource) (increase(perch_api_requests_total{status="403"}[10m])) > 0',
    severity: 'warning',
    summary: 'The controller may not {{ $labels.verb }} {{ $labels.resource }}',
    description: 'Canaries that need it stand still. Grant it: docs/security.md says how rights are derived.',
  },
  {
    alert: 'PerchApiServerAway',
    expr: 'sum(rate(perch_api_requests_total{status=~"0|429|5.."}[5m])) / sum(rate(perch_api_requests_total[5m])) > 0.25',
    for: '5m',
    severity: 'warning',
    summary: 'A quarter of the requests to the API server fails',
    description: 'Releases are late, and go on where they stopped. Look at the API server.',
  },
  {
    alert: 'PerchLoadTesterFull',
    expr: 'sum(increase(perch_loadtester_tasks_total{outcome="refused"}[15m])) > 0',
    severity: 'warning',
    summary: 'The load tester refuses checks, since too many are running',
    description:
      'Raise loadTester.maxRunning, with its CPU and memory, or let releases begin one after the other.',
  },
  {
    alert: 'PerchLogLinesLost',
    expr: 'increase(perch_log_lines_lost_total[15m]) > 0',
    severity: 'warning',
    summary: 'Lines of the log of the controller are lost',
    description: 'Its standard error cannot be written: look for a full disk on its node.',
  },
];

/** The alerts worth having, for the Prometheus operator; docs/operations.md says what each asks for. */
export function defineAlertRules(scope: Construct, namespace: string, props: AlertRulesProps): ApiObject {
  const stuckSeconds = wholeSeconds(scope, 'alertRules.stuckAfter', props.stuckAfter ?? Duration.hours(2));
  const rules = rulesFor(stuckSeconds).map(({ severity, summary, description, ...rule }) => ({
    ...rule,
    labels: { severity },
    annotations: { summary, description },
  }));
  return define(scope, 'alert-rules', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'perch', namespace, labels: { ...props.labels } },
    spec: { groups: [{ name: 'perch', rules }] },
  });
}
