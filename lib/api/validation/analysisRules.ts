import type { CanaryAnalysis, CanaryMetric, CanarySpec, Webhook } from '../canary.js';
import { effectiveMaxWeight, shortestIntervalMs } from '../defaults.js';
import { readDuration } from '../duration.js';
import { atLeast, duration, httpAddress, ordered, percentage } from './bounds.js';
import { type Finding, mistake, warning } from './problem.js';

/** What is wrong with an analysis though each of its fields is valid. */
export function analysisFindings({ analysis }: CanarySpec): Finding[] {
  return [
    ...timing(analysis),
    ...steps(analysis),
    ...percentages(analysis),
    ...choice(analysis),
    ...(analysis.metrics ?? []).flatMap((metric, index) =>
      metricFindings(metric, `spec.analysis.metrics[${index}]`),
    ),
    ...(analysis.webhooks ?? []).flatMap((hook, index) =>
      hookFindings(hook, `spec.analysis.webhooks[${index}]`),
    ),
    ...alerts(analysis),
  ];
}

function timing({ interval, threshold }: CanaryAnalysis): Finding[] {
  const path = 'spec.analysis.interval';
  const findings = duration(path, interval, 'it counts as 60s');
  const ms = readDuration(interval);
  if (ms !== undefined && ms < shortestIntervalMs) {
    findings.push(
      warning(
        path,
        `expected at least 10s, got ${JSON.stringify(interval)}, which counts as 10s`,
        'Write 10s.',
      ),
    );
  }
  return [...findings, ...atLeast('spec.analysis.threshold', threshold, 1)];
}

function steps(analysis: CanaryAnalysis): Finding[] {
  const { stepWeight, stepWeights } = analysis;
  const findings: Finding[] = [];
  if (stepWeight !== undefined) {
    findings.push(...percentage('spec.analysis.stepWeight', stepWeight, 1));
    const maxWeight = effectiveMaxWeight(analysis);
    if (stepWeight > maxWeight && maxWeight <= 100 && stepWeight <= 100) {
      findings.push(
        mistake(
          'spec.analysis.stepWeight',
          `expected at most maxWeight, got stepWeight ${stepWeight} and maxWeight ${maxWeight}`,
          'Lower stepWeight, or raise maxWeight.',
        ),
      );
    }
  }
  if (stepWeights?.length === 0) {
    findings.push(
      mistake(
        'spec.analysis.stepWeights',
        'expected at least one weight, got []',
        'List the weights, such as [10, 50].',
      ),
    );
  }
  for (const [index, weight] of (stepWeights ?? []).entries()) {
    const path = `spec.analysis.stepWeights[${index}]`;
    findings.push(...percentage(path, weight, 1));
    const before = stepWeights?.[index - 1];
    if (before !== undefined && weight <= before) {
      findings.push(
        mistake(path, `expected more than the ${before} before it, got ${weight}`, 'List rising weights.'),
      );
    }
  }
  return findings;
}

function percentages(analysis: CanaryAnalysis): Finding[] {
  const at = (name: string) => `spec.analysis.${name}`;
  return [
    ...percentage(at('maxWeight'), analysis.maxWeight, 1),
    ...percentage(at('stepWeightPromotion'), analysis.stepWeightPromotion),
    ...percentage(at('mirrorWeight'), analysis.mirrorWeight),
    ...percentage(at('primaryReadyThreshold'), analysis.primaryReadyThreshold),
    ...percentage(at('canaryReadyThreshold'), analysis.canaryReadyThreshold),
  ];
}

function choice({ iterations, match }: CanaryAnalysis): Finding[] {
  const findings = atLeast('spec.analysis.iterations', iterations, 1);
  if (match && match.length > 0 && iterations === undefined) {
    findings.push(
      mistake(
        'spec.analysis.match',
        'expected iterations beside match, got stepWeight or stepWeights, and so match is not looked at',
        'Replace the steps by iterations for an A/B test, or remove match.',
      ),
    );
  }
  return findings;
}

function metricFindings(metric: CanaryMetric, path: string): Finding[] {
  const findings = [
    ...duration(`${path}.interval`, metric.interval, 'no provider can read it'),
    ...ordered(`${path}.thresholdRange`, metric.thresholdRange),
  ];
  if (metric.name === 'request-success-rate') {
    findings.push(
      ...percentage(`${path}.thresholdRange.min`, metric.thresholdRange?.min),
      ...percentage(`${path}.thresholdRange.max`, metric.thresholdRange?.max),
    );
  }
  return findings;
}

function hookFindings(hook: Webhook, path: string): Finding[] {
  return [
    ...duration(`${path}.timeout`, hook.timeout, 'every call fails'),
    ...atLeast(`${path}.retries`, hook.retries, 0),
    ...httpAddress(`${path}.url`, hook.url),
  ];
}

function alerts(analysis: CanaryAnalysis): Finding[] {
  return (analysis.alerts ?? []).flatMap(({ severity }, index) =>
    severity
      ? []
      : warning(
          `spec.analysis.alerts[${index}].severity`,
          'expected info, warn or error, got nothing, and so the alert is never sent',
          'Set severity; info sends everything.',
        ),
  );
}
