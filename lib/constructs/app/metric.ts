import { ApiObject, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { CanaryMetric, MetricComparison, NoDataPolicy } from '../../api/canary.js';
import type { RouterName } from '../../api/providers.js';
import { constructError, reportLine } from '../failure.js';
import { define } from '../manifest.js';
import { formatPeriod } from '../period.js';
import type { CanaryPlatform } from '../platform/canaryPlatform.js';
import { checkProps, type Shape } from '../shape.js';
import {
  type ComparisonProps,
  type CountedComparisonProps,
  comparisonShape,
  countedComparisonShape,
  type DurationComparisonProps,
  durationComparisonShape,
  renderComparison,
  requireComparison,
  uncountable,
} from './comparison.js';
import {
  type CountingQueries,
  type GatewayImplementation,
  gatewayCounts,
  gatewayQueries,
} from './gatewayQueries.js';
import { portableQueries } from './portableQueries.js';
import { checkPromql } from './promql.js';
import { checkNumber } from './range.js';

export interface MetricProps {
  /** Window that the query looks back over. @default 1 minute */
  readonly interval?: Duration;
  /**
   * What a check counts as when there are no values: `wait` leaves the traffic as it is until there are some, and
   * rolls back when the progress deadline is over; `fail` counts a failed check, as Flagger does; `pass` goes on.
   * @default 'wait'
   */
  readonly onNoData?: NoDataPolicy;
}

export interface SuccessRateProps extends MetricProps {
  /** Percent, 0 to 100; not a share, as 0.99 would be. @default - none; then it has to be compared with the primary */
  readonly min?: number;
  /** Compares the share of failed requests with the primary's. @default - no comparison */
  readonly comparison?: ComparisonProps;
}

export interface DurationProps extends MetricProps {
  /** The longest that is good. @default - none; then it has to be compared with the primary */
  readonly max?: Duration;
  /**
   * ingress-nginx and Skipper only: `max` is of the mean, which is what Flagger's built-in metric of these providers is; a
   * few slow answers do not show in it. So it is where there is a `comparison`.
   * @default - false without a comparison
   */
  readonly mean?: boolean;
  /** Compares the shares of slow requests with the primary's. @default - no comparison */
  readonly comparison?: DurationComparisonProps;
}

/** The mean or quantile is no count, so what is compared is counted by two queries of your own. */
export interface ComparedMetricProps extends MetricProps {
  readonly comparison: CountedComparisonProps;
}

export interface RangeProps extends MetricProps {
  /** Smallest good value. @default - no lower bound */
  readonly min?: number;
  /** Largest good value. @default - no upper bound */
  readonly max?: number;
}

export interface PromqlMetricProps extends RangeProps {
  /**
   * PromQL that gives one number, in which `{{ namespace }}`, `{{ target }}`, `{{ interval }}` and the like are filled
   * in; checked at synth.
   */
  readonly query: string;
}

export interface TemplateMetricProps extends RangeProps {
  /** Name of the MetricTemplate. */
  readonly template: string;
  /** Its namespace. @default - the application's */
  readonly namespace?: string;
  /** True when it is not part of this program but in the cluster already. @default false */
  readonly existing?: boolean;
  /** Values of `{{ variables.x }}`. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
}

const common: Shape<MetricProps> = { interval: 'duration', onNoData: ['wait', 'fail', 'pass'] };
const range: Shape<RangeProps> = { ...common, min: 'number', max: 'number' };
const successRate: Shape<SuccessRateProps> = { ...common, min: 'number', comparison: comparisonShape };
const duration: Shape<DurationProps> = {
  ...common,
  max: 'duration',
  mean: 'switch',
  comparison: durationComparisonShape,
};
const compared: Shape<ComparedMetricProps> = { ...common, comparison: { required: countedComparisonShape } };
const promql: Shape<PromqlMetricProps> = { ...range, query: { required: 'text' } };
const template: Shape<TemplateMetricProps> = {
  ...range,
  template: { required: 'text' },
  namespace: 'text',
  existing: 'switch',
  variables: 'object',
};

/** Where a metric is bound: the release it judges. */
export interface MetricContext {
  readonly scope: Construct;
  /** Of the release; template names begin with it. */
  readonly name: string;
  readonly namespace: string;
  readonly provider: RouterName;
  /** Of the Ingress that is driven. @default - the release's */
  readonly ingress?: string;
  /** What runs the Gateway, where that is said. */
  readonly implementation?: GatewayImplementation;
  readonly platform: CanaryPlatform;
}

type Bind = (context: MetricContext, name: string) => CanaryMetric;

/** What a version is judged by, at every check. */
export class Metric {
  /** Percent of requests that were not answered with 5xx, of those the canary got. */
  static successRate(props: SuccessRateProps): Metric {
    checkProps('Metric.successRate', props, successRate);
    return new Metric('request-success-rate', (context, name) => {
      const { min, comparison } = props;
      if (min !== undefined) checkPercent(context.scope, name, min);
      else requireComparison(context.scope, name, 'min', comparison);
      return builtin(context, name, 'successRate', {
        ...props,
        thresholdRange: min === undefined ? undefined : { min },
        comparison: renderComparison(context.scope, name, comparison),
      });
    });
  }

  /** Time to answer, the 99th percentile whatever the routing. */
  static duration(props: DurationProps): Metric {
    checkProps('Metric.duration', props, duration);
    return new Metric('request-duration', (context, name) => {
      const max = props.max?.toMilliseconds();
      if (max !== undefined) checkNumber(context.scope, `max of metric ${name} in ms`, max, { min: 1 });
      else requireComparison(context.scope, name, 'max', props.comparison);
      return builtin(context, name, durationQuery(context, props), {
        ...props,
        thresholdRange: max === undefined ? undefined : { max },
        comparison: renderComparison(context.scope, name, props.comparison),
      });
    });
  }

  /** Bad requests, as two queries of your own count them, compared with the primary's over the same time. */
  static compared(name: string, props: ComparedMetricProps): Metric {
    checkProps('Metric.compared', props, compared);
    return new Metric(name, (context) => {
      const { requests, bad } = props.comparison;
      for (const query of [requests, bad]) checkPromql(context.scope, name, query);
      const comparison = renderComparison(context.scope, name, props.comparison);
      return {
        name,
        interval: periodOf(context.scope, name, props),
        onNoData: props.onNoData ?? 'wait',
        comparison: { ...comparison, ...countedBy(context, name, { requests, bad }) },
      };
    });
  }

  /** The answer to a query of your own, by a MetricTemplate on the platform's Prometheus. */
  static promql(name: string, props: PromqlMetricProps): Metric {
    checkProps('Metric.promql', props, promql);
    return new Metric(name, (context) => {
      checkPromql(context.scope, name, props.query);
      return { ...bounded(context.scope, name, props), ...declareTemplate(context, name, props.query) };
    });
  }

  /** The answer to a MetricTemplate's query. */
  static template(name: string, props: TemplateMetricProps): Metric {
    checkProps('Metric.template', props, template);
    return new Metric(name, ({ scope, namespace }) => {
      const templateRef = { name: props.template, ...(props.namespace && { namespace: props.namespace }) };
      if (!props.existing) requireTemplate(scope, name, props.template, props.namespace ?? namespace);
      const variables = props.variables && { templateVariables: { ...props.variables } };
      return { ...bounded(scope, name, props), templateRef, ...variables };
    });
  }

  private constructor(
    readonly name: string,
    private readonly bindTo: Bind,
  ) {}

  /** The entry of `spec.analysis.metrics`; adds the MetricTemplate it needs to the scope. */
  bind(context: MetricContext): CanaryMetric {
    return this.bindTo(context, this.name);
  }
}

/** Throws for a share too: as a percentage it lets 99 of 100 requests fail. */
function checkPercent(scope: Construct, metric: string, min: number): void {
  checkNumber(scope, `min of metric ${metric}`, min, { min: 0, max: 100 });
  if (min === 0 || min > 1) return;
  throw constructError(scope, {
    code: 'CONSTRUCT_PERCENT',
    message: `min of metric ${metric}: expected a percentage above 1, got ${min}`,
    remedy: `min is in percent: write ${min < 1 ? Number((min * 100).toFixed(6)) : 99}`,
  });
}

/** The two templates by which a comparison counts. */
function countedBy(context: MetricContext, name: string, { requests, bad }: CountingQueries) {
  const counting = (what: string, query: string) =>
    declareTemplate(context, `${name}-${what}`, query).templateRef;
  return { requests: counting('requests', requests), bad: counting('bad', bad) };
}

interface BuiltinProps extends MetricProps {
  readonly thresholdRange: CanaryMetric['thresholdRange'] | undefined;
  readonly comparison: MetricComparison | undefined;
}

function builtin(
  context: MetricContext,
  name: string,
  query: 'successRate' | 'duration' | 'mean',
  { thresholdRange, comparison, onNoData = 'wait', ...props }: BuiltinProps,
): CanaryMetric {
  const ofGateway = gatewayQueries(context.implementation);
  const needsTemplate = meanProviders.includes(context.provider) && query === 'duration' && !ofGateway;
  const works = context.platform.metrics.builtinsWork && !ofGateway && !needsTemplate;
  const judged = {
    interval: periodOf(context.scope, name, props),
    ...(thresholdRange && { thresholdRange }),
    onNoData,
    ...(comparison && { comparison }),
  };
  if (works) return { name, ...judged };
  const counts = query === 'successRate' ? gatewayCounts(context.implementation) : undefined;
  if (comparison && !counts) throw uncountable(context.scope, name);
  // Under its own name the controller would run the built-in query.
  const portable = name.replace('request-', '');
  return {
    name: portable,
    ...judged,
    ...(comparison && counts && { comparison: { ...comparison, ...countedBy(context, portable, counts) } }),
    ...declareTemplate(context, portable, ofGateway ? ofGateway[query] : portableQuery(context, query)),
  };
}

function periodOf(scope: Construct, name: string, { interval = Duration.minutes(1) }: MetricProps): string {
  return formatPeriod(scope, `interval of metric ${name}`, interval);
}

function portableQuery(context: MetricContext, query: 'successRate' | 'duration' | 'mean'): string {
  const { provider, namespace, name, ingress = name } = context;
  const honest = context.platform.metrics.builtinsWork;
  return portableQueries(provider, honest, { namespace, service: name, ingress })[query];
}

/** Providers whose built-in request-duration is a mean, as in Flagger. */
const meanProviders: readonly RouterName[] = ['nginx', 'skipper'];

function durationQuery(
  { scope, provider, implementation }: MetricContext,
  { mean = false, comparison }: DurationProps,
): 'duration' | 'mean' {
  // what is compared are the counts of the built-in metric
  if (!mean) return comparison ? 'mean' : 'duration';
  if (meanProviders.includes(provider) && implementation === undefined) return 'mean';
  throw constructError(scope, {
    code: 'CONSTRUCT_METRIC_MEAN',
    message: `metric request-duration: expected mean with ingress-nginx or Skipper alone, got the provider ${provider}`,
    remedy: 'drop `mean`: the 99th percentile is what is measured there',
  });
}

function bounded(scope: Construct, name: string, props: RangeProps): CanaryMetric {
  const { min, max, onNoData = 'wait' } = props;
  if (min === undefined && max === undefined) {
    throw constructError(scope, {
      code: 'CONSTRUCT_METRIC_RANGE',
      message: `metric ${name}: expected min, max or both, got neither`,
      remedy: 'say which values are good, e.g. max: 0.5',
    });
  }
  if (min !== undefined && max !== undefined && min > max) {
    throw constructError(scope, {
      code: 'CONSTRUCT_METRIC_RANGE',
      message: `metric ${name}: expected min of at most max, got min ${min} and max ${max}`,
      remedy: 'swap the two, or drop one',
    });
  }
  return {
    name,
    interval: periodOf(scope, name, props),
    thresholdRange: { ...(min !== undefined && { min }), ...(max !== undefined && { max }) },
    onNoData,
  };
}

function declareTemplate(
  context: MetricContext,
  metric: string,
  query: string,
): { templateRef: { name: string } } {
  const name = `${context.name}-${metric}`;
  define(context.scope, `metric-${metric}`, {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name, namespace: context.namespace },
    spec: { provider: { type: 'prometheus', address: context.platform.metricsAddress }, query },
  });
  return { templateRef: { name } };
}

function requireTemplate(scope: Construct, metric: string, template: string, namespace: string): void {
  const isIt = (child: unknown) =>
    ApiObject.isApiObject(child) &&
    child.kind === 'MetricTemplate' &&
    child.name === template &&
    child.metadata.namespace === namespace;
  scope.node.addValidation({
    validate: () => {
      if (scope.node.root.node.findAll().some(isIt)) return [];
      return [
        reportLine(
          constructError(scope, {
            code: 'CONSTRUCT_TEMPLATE_MISSING',
            message: `metric ${metric}: expected a MetricTemplate ${template} in namespace ${namespace}, got none in this program`,
            remedy:
              'declare it, put its name or namespace right, or say `existing: true` if the cluster has it',
          }),
        ),
      ];
    },
  });
}
