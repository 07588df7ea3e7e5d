import type { AnalysisMatch, CanaryAnalysis, CanaryMetric, Webhook } from '../../api/canary.js';
import { readDuration } from '../../api/duration.js';
import { Call, type Expression } from './expression.js';

/** Whether a MetricTemplate is among what is migrated. */
export type KnowsTemplate = (name: string, namespace: string | undefined) => boolean;

/** The props of an analysis: what they have no word for is left to the patches. */
export function analysisProps(
  analysis: CanaryAnalysis | undefined,
  knowsTemplate: KnowsTemplate,
  provider: string,
): Record<string, Expression> {
  // Flagger's request-duration is a mean there
  const countsMean = provider === 'nginx' || provider === 'skipper';
  const metrics = (analysis?.metrics ?? []).map((metric) => metricOf(metric, knowsTemplate, countsMean));
  return {
    strategy: strategyOf(analysis ?? {}),
    metrics: metrics.includes(undefined) ? [] : metrics,
    checks: (analysis?.webhooks ?? []).map(checkOf),
  };
}

function strategyOf(analysis: Partial<CanaryAnalysis>): Expression {
  const { iterations, match, stepWeight, stepWeights, maxWeight, stepWeightPromotion } = analysis;
  const timing = { interval: duration(analysis.interval), threshold: analysis.threshold };
  if (iterations) {
    const matches = (match ?? []).map(matchOf);
    if (matches.length === 0 || matches.includes(undefined)) {
      return new Call('Strategy.blueGreen', [{ ...timing, iterations, mirror: mirrorOf(analysis) }]);
    }
    return new Call('Strategy.abTest', [{ ...timing, iterations, match: matches }]);
  }
  const weights = stepWeights ? { stepWeights: [...stepWeights] } : { stepWeight, maxWeight };
  const further = { mirror: mirrorOf(analysis), sessionAffinity: affinityOf(analysis) };
  return new Call('Strategy.canary', [{ ...timing, ...weights, stepWeightPromotion, ...further }]);
}

function mirrorOf({ mirror, mirrorWeight }: Partial<CanaryAnalysis>): Expression {
  if (!mirror) return undefined;
  return mirrorWeight ? { percent: mirrorWeight } : true;
}

function affinityOf({ sessionAffinity }: Partial<CanaryAnalysis>): Expression {
  if (!sessionAffinity) return undefined;
  const { maxAge, ...rest } = sessionAffinity;
  return { ...rest, maxAge: maxAge ? new Call('Duration.seconds', [maxAge]) : undefined };
}

/** Undefined for a match that is not of a single header. */
function matchOf({ headers = {} }: AnalysisMatch): Expression {
  const [[name, value] = [], ...others] = Object.entries(headers);
  if (!name || !value || others.length > 0) return undefined;
  const { exact, regex } = value;
  if (exact === undefined && regex === undefined) return undefined;
  return new Call('Match.header', [name, { exact, regex }]);
}

function metricOf(metric: CanaryMetric, knowsTemplate: KnowsTemplate, countsMean: boolean): Expression {
  const { name, thresholdRange: { min, max } = {}, templateRef, query, onNoData } = metric;
  const judging = { interval: duration(metric.interval), onNoData };
  if (query !== undefined || metric.comparison?.requests !== undefined) return undefined;
  const comparison = comparisonOf(metric.comparison);
  if (!templateRef && name === 'request-success-rate' && (min ?? comparison) !== undefined) {
    return new Call('Metric.successRate', [{ min, comparison, ...judging }]);
  }
  if (!templateRef && name === 'request-duration' && (max ?? comparison) !== undefined) {
    const bound = max === undefined ? undefined : new Call('Duration.millis', [max]);
    const mean = (countsMean && !comparison) || undefined;
    return new Call('Metric.duration', [{ max: bound, mean, comparison, ...judging }]);
  }
  if (!templateRef || (min === undefined && max === undefined)) return undefined;
  const { name: template, namespace } = templateRef;
  const existing = knowsTemplate(template, namespace) ? undefined : true;
  const variables = metric.templateVariables;
  return new Call('Metric.template', [
    name,
    { template, namespace, existing, min, max, ...judging, variables },
  ]);
}

function comparisonOf(comparison: CanaryMetric['comparison']): Expression {
  if (!comparison) return undefined;
  const { slowerThan, requests: _, bad: __, ...rest } = comparison;
  return {
    ...rest,
    slowerThan: slowerThan === undefined ? undefined : new Call('Duration.millis', [slowerThan]),
  };
}

const factories = {
  'confirm-rollout': 'confirmRollout',
  'pre-rollout': 'preRollout',
  rollout: 'rollout',
  'confirm-traffic-increase': 'confirmTrafficIncrease',
  'confirm-promotion': 'confirmPromotion',
  rollback: 'rollback',
  'post-rollout': 'postRollout',
  event: 'event',
} as const satisfies Record<Exclude<Webhook['type'], '' | undefined>, string>;

function checkOf({ type, name, url, timeout, metadata, ...hook }: Webhook): Expression {
  const { retries, disableTLS, muteAlert } = hook;
  return new Call(`Check.${factories[type || 'rollout']}`, [
    {
      ...{ name, url, timeout: duration(timeout), retries },
      ...{ disableTls: disableTLS || undefined, muteAlert: muteAlert || undefined, metadata },
    },
  ]);
}

/** Undefined for what is no duration of whole seconds. */
export function duration(text: string | undefined): Expression {
  const milliseconds = text === undefined ? undefined : readDuration(text);
  if (!milliseconds || milliseconds % 1000 !== 0) return undefined;
  const seconds = milliseconds / 1000;
  return seconds % 60 === 0
    ? new Call('Duration.minutes', [seconds / 60])
    : new Call('Duration.seconds', [seconds]);
}
