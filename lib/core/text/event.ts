import type { GateType, Reason } from '../reason.js';
import { talliesText, verdictWords, worseText } from './comparison.js';
import { metricText } from './metric.js';
import type { Names } from './names.js';

type Say<C extends Reason['code']> = (reason: Extract<Reason, { code: C }>, names: Names) => string;

const gateNames: Readonly<Record<GateType, { passed: string; awaited: string }>> = {
  'confirm-rollout': { passed: 'Confirm-rollout', awaited: 'approval' },
  'confirm-traffic-increase': {
    passed: 'Confirm-traffic-increase',
    awaited: 'traffic increase approval',
  },
  'confirm-promotion': { passed: 'Confirm-promotion', awaited: 'promotion approval' },
};

/** Flagger's texts, word for word, where Flagger has one. */
const texts: { readonly [C in Reason['code']]: Say<C> } = {
  targetError: ({ message }) => message,
  suspended: () => 'skipping canary run as object is suspended',
  controlAccepted: ({ verb, by, why }, { canary }) =>
    `Request to ${verb} ${canary} by ${by} accepted${because(why)}`,
  controlRefused: ({ verb, by, problem }, { canary }) =>
    `Request to ${verb} ${canary} by ${by} refused: ${problem}`,
  metricsOnline: () => 'all the metrics providers are available!',
  metricsOffline: ({ error }) => `Error checking metric providers: ${error}`,
  initialized: (_, { canary }) => `Initialization done! ${canary}`,
  primaryNotReady: ({ message }) => message,
  canaryNotReady: ({ message }) => message,
  newRevision: (_, { target }) => `New revision detected! Scaling up ${target}`,
  restarted: (_, { target }) => `New revision detected! Restarting analysis for ${target}`,
  analysisStarted: (_, { target }) => `Starting canary analysis for ${target}`,
  gatePassed: ({ gate, hook }) => `${gateNames[gate].passed} check ${hook} passed`,
  gateRefused: ({ gate, hook }, { canary }) =>
    `Halt ${canary} advancement waiting for ${gateNames[gate].awaited} ${hook}`,
  preRolloutPassed: ({ hook }) => `Pre-rollout check ${hook} passed`,
  preRolloutFailed: ({ hook, error }, { canary }) =>
    `Halt ${canary} advancement pre-rollout check ${hook} failed ${error}`,
  rolloutHookFailed: ({ hook, error }, { canary }) =>
    `Halt ${canary} advancement external check ${hook} failed ${error}`,
  noStep: ({ weight }, { canary }) =>
    `Halt ${canary} advancement stepWeight or stepWeights name no weight above ${weight}`,
  metricBreached: metricText,
  metricNoData: metricText,
  metricError: metricText,
  metricUnusable: metricText,
  dataAwaited: ({ silence, until }, names) =>
    `${metricText(silence, names)}; waiting for values until ${until}, as onNoData says`,
  noDataPassed: ({ silence }, names) => `${metricText(silence, names)}; taken for passed, as onNoData says`,
  noDataDeadline: ({ silence, seconds }, names) =>
    `Rolling back ${names.canary} progress deadline exceeded no values found for metric ${silence.metric} for ${seconds}s: ${metricText(silence, names)}`,
  comparedWithPrimary: (reason, { canary }) =>
    `Compared ${canary} with the primary over the same time: ${verdictWords[reason.verdict] ?? reason.verdict} by ${reason.metric}, ${talliesText(reason)}`,
  verdictAwaited: ({ metric, until }, { canary }) =>
    `Halt ${canary} promotion comparison of ${metric} with the primary is undecided; waiting for a verdict until ${until}, as onUndecided says`,
  worseThanPrimary: (reason, { canary }) => `Rolling back ${canary} ${worseText(reason)}`,
  undecidedDeadline: ({ metric, seconds }, { canary }) =>
    `Rolling back ${canary} progress deadline exceeded comparison of ${metric} with the primary undecided for ${seconds}s`,
  rollbackNotSignaled: ({ hook }) => `Rollback hook ${hook} not signaling a rollback`,
  rollbackHookPassed: ({ hook }) => `Rollback check ${hook} passed`,
  abTestUnsupported: ({ provider }) => `A/B testing is not supported when using the ${provider} provider`,
  weightsUnsupported: ({ provider }) =>
    `Progressive traffic is not supported when using the ${provider} provider`,
  iterationsAssumed: ({ iterations }) => `Setting canaryAnalysis.iterations: ${iterations}`,
  weightAdvanced: ({ weight }, { canary }) => `Advance ${canary} canary weight ${weight}`,
  iterationAdvanced: ({ iteration, of }, { canary }) =>
    `Advance ${canary} canary iteration ${iteration}/${of}`,
  allToCanary: ({ mirrored }) =>
    mirrored ? 'Stop traffic mirroring and route all traffic to canary' : 'Routing all traffic to canary',
  copying: (_, { target, primary }) => `Copying ${target} template spec to ${primary}`,
  primaryWeightAdvanced: ({ weight }, { canary }) => `Advance ${canary} primary weight ${weight}`,
  allToPrimary: () => 'Routing all traffic to primary',
  promoted: ({ skipped }, { target }) =>
    skipped
      ? `Promotion completed! Canary analysis was skipped for ${target}`
      : `Promotion completed! Scaling down ${target}`,
  promotionFailed: ({ message }, { target }) =>
    `Promotion of ${target} failed, primary not ready: ${message}`,
  thresholdReached: ({ failedChecks }, { canary }) =>
    `Rolling back ${canary} failed checks threshold reached ${failedChecks}`,
  rollbackByHook: (_, { canary }) => `Rolling back ${canary} manual webhook invoked`,
  deadlineExceeded: ({ message }, { canary }) =>
    `Rolling back ${canary} progress deadline exceeded ${message}`,
  targetLost: ({ message }, { canary }) => `Rolling back ${canary} progress deadline exceeded ${message}`,
  aborted: ({ by, why }, { canary }) => `Rolling back ${canary} aborted by ${by}${because(why)}`,
  rollbackResumed: ({ why }, { canary }) =>
    `Rolling back ${canary} resumed after an interruption${because(why)}`,
  canaryFailed: (_, { canary }) => `Canary failed! Scaling down ${canary}`,
  terminating: (_, { canary }) => `Terminating canary ${canary}`,
  terminationHeld: ({ message }, { canary }) =>
    `Termination of ${canary} waits for its target, as the primary serves until then: ${message}; mend the target, or give it up by setting spec.revertOnDeletion to false`,
  terminated: (_, { canary }) => `Terminated canary ${canary}`,
};

/** Every reason there is. */
export const reasonCodes = Object.keys(texts) as readonly Reason['code'][];

function because(why: string | undefined): string {
  return why ? `: ${why}` : '';
}

/** The text of a reason; the record has one of the right type for every code. */
export function textOf(reason: Reason, names: Names): string {
  const say = texts[reason.code] as (reason: Reason, names: Names) => string;
  return say(reason, names);
}
