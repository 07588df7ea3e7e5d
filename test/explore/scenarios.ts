import type { CanaryStatus, Webhook } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { namespace, podinfo } from '../sim/podinfo.js';

/** A part of the address that alerts go to, kept in a Secret: must be seen nowhere else. */
export const secretWord = 'T0PSECRETWORD';

export interface Scenario {
  readonly name: string;
  /** Fields of spec.analysis. */
  readonly analysis?: object;
  /** Fields of spec. */
  readonly spec?: object;
  /** skipAnalysis is set before the release; set from the start, nobody waits for the first primary, as in Flagger. */
  readonly skipsAnalysis?: boolean;
  /** Of the version that is released. @default healthy */
  readonly version?: 'failing' | 'neverReady';
  /** What happens once, as soon as the status is so. */
  readonly later?: { readonly when: (status: CanaryStatus) => boolean; readonly what: 'release' | 'delete' };
  /** Faults from the first request on, not from the release on. */
  readonly fromStart?: boolean;
}

function hook(type: NonNullable<Webhook['type']>): object {
  return { name: type, type, url: 'http://loadtester.test/gate/approve' };
}

const atFirstStep = ({ canaryWeight }: CanaryStatus) => canaryWeight === 25;
const rolledBack = ({ phase, lastCheckTime }: CanaryStatus) =>
  phase === 'Failed' && lastCheckTime === undefined;

export const scenarios: readonly Scenario[] = [
  { name: 'promotion by weights' },
  { name: 'initialisation and promotion', fromStart: true },
  { name: 'rollback by failed checks', version: 'failing' },
  { name: 'rollback by deadline', version: 'neverReady' },
  { name: 'blue/green', analysis: { iterations: 3, stepWeight: undefined, maxWeight: undefined } },
  {
    name: 'A/B test',
    analysis: {
      iterations: 3,
      stepWeight: undefined,
      maxWeight: undefined,
      match: [{ headers: { 'x-canary': { exact: 'yes' } } }],
    },
  },
  {
    name: 'gates',
    analysis: {
      webhooks: [
        hook('confirm-rollout'),
        hook('pre-rollout'),
        hook('rollout'),
        hook('confirm-traffic-increase'),
        hook('confirm-promotion'),
        hook('post-rollout'),
      ],
    },
  },
  { name: 'without analysis', skipsAnalysis: true },
  { name: 'another revision in the middle', later: { when: atFirstStep, what: 'release' } },
  { name: 'a repair after a rollback', version: 'failing', later: { when: rolledBack, what: 'release' } },
  { name: 'traffic returned in steps', analysis: { stepWeightPromotion: 25 } },
  {
    name: 'deletion in the middle',
    spec: { revertOnDeletion: true },
    later: { when: atFirstStep, what: 'delete' },
  },
];

const alerts = [{ name: 'team', severity: 'info', providerRef: { name: 'team' } }];

const base = { interval: '10s', threshold: 2, stepWeight: 25, maxWeight: 50, webhooks: [], alerts };

const metrics = [{ name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' }];

/** Objects of the scenario: podinfo 6.9.0 under a canary that tells a team through an address from a Secret. */
export function objectsOf({ analysis, spec }: Scenario): KubeObject[] {
  const stack = podinfo('6.9.0', { ...base, metrics, ...analysis });
  const canary = stack.pop() as KubeObject & { spec: object };
  const address = Buffer.from(`https://hooks.slack.com/services/${secretWord}`).toString('base64');
  const team = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'team', namespace },
    data: { address },
  };
  const provider = {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'AlertProvider',
    metadata: { name: 'team', namespace },
    spec: { type: 'slack', secretRef: { name: 'team' } },
  };
  const declared = { ...canary, spec: { ...canary.spec, ...spec } };
  // JSON drops what is undefined
  return JSON.parse(JSON.stringify([...stack, team, provider, declared])) as KubeObject[];
}
