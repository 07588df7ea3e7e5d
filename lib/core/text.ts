import type { Canary } from '../api/canary.js';
import { effectiveThreshold, progressDeadlineSeconds, strategyOf } from '../api/defaults.js';
import type { MetricSilence, Reason } from './reason.js';
import { worseText } from './text/comparison.js';
import { textOf } from './text/event.js';
import { namesOf } from './text/names.js';

/** Reasons told as events of type Warning; all others are Normal. */
const warnings: ReadonlySet<Reason['code']> = new Set<Reason['code']>([
  'targetError',
  'metricsOffline',
  'primaryNotReady',
  'canaryNotReady',
  'gateRefused',
  'preRolloutFailed',
  'rolloutHookFailed',
  'noStep',
  'metricBreached',
  'metricNoData',
  'metricError',
  'metricUnusable',
  'dataAwaited',
  'noDataPassed',
  'noDataDeadline',
  'verdictAwaited',
  'worseThanPrimary',
  'undecidedDeadline',
  'rollbackHookPassed',
  'abTestUnsupported',
  'weightsUnsupported',
  'iterationsAssumed',
  'promotionFailed',
  'thresholdReached',
  'rollbackByHook',
  'deadlineExceeded',
  'targetLost',
  'aborted',
  'terminationHeld',
  'controlRefused',
  'rollbackResumed',
  'canaryFailed',
]);

/** Message of the Kubernetes event for a reason: Flagger's text where Flagger has one. */
export function eventText(reason: Reason, canary: Canary): string {
  return textOf(reason, namesOf(canary));
}

/** Type of the Kubernetes event for a reason. */
export function eventType(reason: Reason): 'Normal' | 'Warning' {
  return warnings.has(reason.code) ? 'Warning' : 'Normal';
}

/** Message of an alert for a reason; only reasons that decide() alerts about have one of Flagger's. */
export function alertText(reason: Reason): string {
  switch (reason.code) {
    case 'initialized':
      return `New ${reason.kind} detected, initialization completed.`;
    case 'newRevision':
      return 'New revision detected, progressing canary analysis.';
    case 'gateRefused':
      return gateAlerts[reason.gate];
    case 'rollbackByHook':
      return 'Rolling back manual webhook invoked';
    case 'aborted':
      return `Canary aborted by ${reason.by}${reason.why ? `: ${reason.why}` : ''}`;
    case 'thresholdReached':
      return `Failed checks threshold reached ${reason.failedChecks}`;
    case 'deadlineExceeded':
    case 'targetLost':
      return `Progress deadline exceeded ${reason.message}`;
    case 'noDataDeadline':
      return `Progress deadline exceeded no values found for metric ${reason.silence.metric} for ${reason.seconds}s${causeOf(reason.silence)}`;
    case 'worseThanPrimary':
      return `Canary ${worseText(reason)}`;
    case 'undecidedDeadline':
      return `Progress deadline exceeded comparison of ${reason.metric} with the primary undecided for ${reason.seconds}s`;
    case 'promotionFailed':
      return `Promotion failed, primary not ready: ${reason.message}`;
    case 'promoted':
      return reason.skipped
        ? 'Canary analysis was skipped, promotion finished.'
        : 'Canary analysis completed successfully, promotion finished.';
    case 'rollbackResumed':
      return reason.why ?? 'Canary analysis failed, rolled back.';
    default:
      return 'Canary analysis failed, rolled back.';
  }
}

function causeOf(silence: MetricSilence): string {
  const cause = silence.code === 'metricError' ? silence.text : silence.diagnosis;
  return cause === undefined ? '' : `: ${cause}`;
}

const gateAlerts = {
  'confirm-rollout': 'Canary is waiting for approval.',
  'confirm-traffic-increase': 'Canary traffic increase is waiting for approval.',
  'confirm-promotion': 'Canary promotion is waiting for approval.',
} as const;

export interface AlertField {
  readonly name: string;
  readonly value: string;
}

/** Facts shown below an alert, in Flagger's order; without metadata only the cluster, when it has a name. */
export function alertFields(canary: Canary, clusterName: string, withMetadata = true): AlertField[] {
  const fields: AlertField[] = clusterName === '' ? [] : [{ name: 'Cluster', value: clusterName }];
  if (!withMetadata) return fields;
  const { spec } = canary;
  const { kind, target } = namesOf(canary);
  fields.push({ name: 'Target', value: `${kind}/${target}` });
  fields.push({ name: 'Failed checks threshold', value: String(effectiveThreshold(spec.analysis)) });
  fields.push({ name: 'Progress deadline', value: `${progressDeadlineSeconds(spec)}s` });
  const routing = routingText(canary);
  if (routing !== undefined) fields.push({ name: 'Traffic routing', value: routing });
  return fields;
}

function routingText({ spec }: Canary): string | undefined {
  const strategy = strategyOf(spec);
  if (strategy === 'ab-testing') return 'A/B Testing';
  if (strategy === 'blue-green') return 'Blue/Green';
  const { stepWeight = 0, stepWeights = [], maxWeight = 0 } = spec.analysis;
  if (stepWeight > 0) return `Weight step: ${stepWeight} max: ${maxWeight}`;
  return stepWeights.length > 0 ? `Weight steps: ${stepWeights.join(',')} max: ${maxWeight}` : undefined;
}
