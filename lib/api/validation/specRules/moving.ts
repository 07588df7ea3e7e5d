import type { CanaryMetric, CanarySpec, Webhook } from '../../canary.js';
import { describeGiven } from '../given.js';
import type { SpecRule } from './rule.js';

/** With skipAnalysis nothing of an analysis is looked at, so that nothing of it can be wrong. */
const skipped = 'has(self.skipAnalysis) && self.skipAnalysis';
/**
 * The provider kubernetes counts iterations whatever is written; and where a spec names no provider, that may be the
 * controller's.
 */
const weightless = `(${skipped}) || !has(self.provider) || self.provider == 'kubernetes'`;

function isWeightless({ skipAnalysis, provider }: CanarySpec): boolean {
  return skipAnalysis === true || provider === undefined || provider === 'kubernetes';
}

function moves({ analysis: { iterations = 0, stepWeight = 0, stepWeights = [] } }: CanarySpec): boolean {
  return iterations > 0 || stepWeight > 0 || (stepWeights[0] ?? 0) > 0;
}

const builtin = ['request-success-rate', 'request-duration'];

function hasQuery({ name, templateRef, query, comparison }: CanaryMetric): boolean {
  return builtin.includes(name) || templateRef !== undefined || Boolean(query) || comparison !== undefined;
}

/** Can the requests of both versions be counted? */
function canCompare({ name, comparison }: CanaryMetric): boolean {
  if (!comparison) return true;
  const { requests, bad } = comparison;
  return (
    (requests === undefined) === (bad === undefined) && (builtin.includes(name) || requests !== undefined)
  );
}

/** Hooks whose failure neither fails a check nor keeps a run waiting. */
const harmless = ['event', 'rollback', 'post-rollout', 'confirm-traffic-increase'];
/** Go reads a scheme in any case. */
const schemes = ['http', 'HTTP', 'Http'];

function canBeCalled({ type = '', url }: Webhook): boolean {
  return harmless.includes(type) || schemes.some((scheme) => url.startsWith(scheme));
}

function firstBad<T>(list: readonly T[] | undefined, isGood: (item: T) => boolean): number {
  return list?.findIndex((item) => !isGood(item)) ?? -1;
}

/** What would keep a run from ever coming to an end, or to a good one. */
export const movingRules: readonly SpecRule[] = [
  {
    path: 'spec.analysis',
    rule: `${weightless} || (has(self.analysis.iterations) && self.analysis.iterations > 0.0) || (has(self.analysis.stepWeight) && self.analysis.stepWeight > 0.0) || (has(self.analysis.stepWeights) && size(self.analysis.stepWeights) > 0 && self.analysis.stepWeights[0] > 0.0)`,
    holds: (spec) => isWeightless(spec) || moves(spec),
    expected:
      'iterations, stepWeight or the first of stepWeights above 0, as a canary otherwise gets no traffic',
    given: ({ analysis: { iterations, stepWeight, stepWeights } }) =>
      JSON.stringify({ iterations, stepWeight, stepWeights }),
    remedy: 'Give the first step at least 1.',
  },
  {
    path: 'spec.analysis.maxWeight',
    rule: `${weightless} || !has(self.analysis.stepWeight) || !has(self.analysis.maxWeight) || self.analysis.maxWeight <= 100.0`,
    holds: (spec) =>
      isWeightless(spec) || spec.analysis.stepWeight === undefined || (spec.analysis.maxWeight ?? 0) <= 100,
    expected: 'at most 100, as a canary that cannot reach it is never promoted',
    given: ({ analysis }) => String(analysis.maxWeight),
    remedy: 'Choose a value from 1 to 100.',
  },
  {
    path: 'spec.analysis.metrics',
    rule: `(${skipped}) || !has(self.analysis.metrics) || self.analysis.metrics.all(m, has(m.templateRef) || m.name == 'request-success-rate' || m.name == 'request-duration' || (has(m.query) && m.query != '') || has(m.comparison))`,
    holds: ({ skipAnalysis, analysis }) => skipAnalysis === true || (analysis.metrics ?? []).every(hasQuery),
    expected: 'a templateRef or one of the names request-success-rate, request-duration',
    blame: ({ analysis }) => `spec.analysis.metrics[${firstBad(analysis.metrics, hasQuery)}]`,
    given: ({ analysis }) => JSON.stringify(analysis.metrics?.find((metric) => !hasQuery(metric))?.name),
    remedy: 'Refer to a MetricTemplate with templateRef: a check without a query always fails.',
  },
  {
    path: 'spec.analysis.metrics[].comparison',
    rule: `(${skipped}) || !has(self.analysis.metrics) || self.analysis.metrics.all(m, !has(m.comparison) || (has(m.comparison.requests) == has(m.comparison.bad) && (has(m.comparison.requests) || m.name == 'request-success-rate' || m.name == 'request-duration')))`,
    holds: ({ skipAnalysis, analysis }) =>
      skipAnalysis === true || (analysis.metrics ?? []).every(canCompare),
    expected: 'requests and bad, both, or neither and the name request-success-rate or request-duration',
    blame: ({ analysis }) => `spec.analysis.metrics[${firstBad(analysis.metrics, canCompare)}].comparison`,
    given: ({ analysis }) => {
      const { name, comparison = {} } = analysis.metrics?.find((metric) => !canCompare(metric)) ?? {};
      const given = ['requests', 'bad'].filter((field) => field in comparison);
      return `${given.join(' and ') || 'neither'} for ${JSON.stringify(name)}`;
    },
    remedy: 'Name two MetricTemplates that count requests, or compare a built-in metric.',
  },
  {
    path: 'spec.analysis.webhooks',
    rule: `(${skipped}) || !has(self.analysis.webhooks) || self.analysis.webhooks.all(h, ${schemes.map((scheme) => `h.url.startsWith('${scheme}')`).join(' || ')} || (has(h.type) && (${harmless.map((type) => `h.type == '${type}'`).join(' || ')})))`,
    holds: ({ skipAnalysis, analysis }) =>
      skipAnalysis === true || (analysis.webhooks ?? []).every(canBeCalled),
    expected: 'an address that begins with http:// or https://',
    blame: ({ analysis }) => `spec.analysis.webhooks[${firstBad(analysis.webhooks, canBeCalled)}].url`,
    given: ({ analysis }) =>
      describeGiven(analysis.webhooks?.find((hook) => !canBeCalled(hook))?.url, 'spec.analysis.webhooks.url'),
    remedy: 'Write the whole address, such as http://loadtester.test/.',
  },
];
