import type { CanaryStatus, ControlVerb, Webhook } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { host, namespace } from '../sim/podinfo.js';

/** What somebody does in the middle: releases another version, deletes the Canary, or asks the controller for something. */
export type Turn = 'release' | 'delete' | ControlVerb;

export interface Scenario {
  readonly name: string;
  /** Fields of spec.analysis. */
  readonly analysis?: object;
  /** Fields of spec; one given as undefined is left out. */
  readonly spec?: object;
  /** skipAnalysis is set before the release; set from the start, nobody waits for the first primary, as in Flagger. */
  readonly skipsAnalysis?: boolean;
  /** Of the version that is released. @default healthy */
  readonly version?: 'failing' | 'neverReady';
  /** What happens, each once and one after the other, as soon as the status is so. */
  readonly later?: readonly { readonly when: (status: CanaryStatus) => boolean; readonly what: Turn }[];
  /** Faults from the first request on, not from the release on. */
  readonly fromStart?: boolean;
  /** @default Deployment */
  readonly target?: 'DaemonSet';
  /** A ConfigMap that the target reads is changed together with its image. */
  readonly changesConfig?: boolean;
  /** Applied before the Canary. */
  readonly further?: readonly KubeObject[];
}

function hook(type: NonNullable<Webhook['type']>): object {
  return { name: type, type, url: 'http://loadtester.test/gate/approve' };
}

const atFirstStep = ({ canaryWeight }: CanaryStatus) => canaryWeight === 25;
const rolledBack = ({ phase, lastCheckTime }: CanaryStatus) =>
  phase === 'Failed' && lastCheckTime === undefined;

const scaledObjectRef = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', name: 'podinfo' };

const keda: readonly KubeObject[] = [
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'scaledobjects.keda.sh' },
    spec: {
      group: 'keda.sh',
      scope: 'Namespaced',
      names: { kind: 'ScaledObject', plural: 'scaledobjects' },
      versions: [{ name: 'v1alpha1', served: true, storage: true }],
    },
  } as KubeObject,
  {
    ...{ apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' },
    metadata: { name: 'podinfo', namespace },
    spec: {
      scaleTargetRef: { name: 'podinfo' },
      minReplicaCount: 1,
      maxReplicaCount: 3,
      triggers: [{ type: 'cpu', metadata: { value: '80' } }],
    },
  } as KubeObject,
];

const gatewayApi = {
  provider: 'gatewayapi:v1',
  ingressRef: undefined,
  service: { port: 80, targetPort: 9898, hosts: [host], gatewayRefs: [{ name: 'public' }] },
};

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
  { name: 'another revision in the middle', later: [{ when: atFirstStep, what: 'release' }] },
  { name: 'a repair after a rollback', version: 'failing', later: [{ when: rolledBack, what: 'release' }] },
  { name: 'traffic returned in steps', analysis: { stepWeightPromotion: 25 } },
  {
    name: 'deletion in the middle',
    spec: { revertOnDeletion: true },
    later: [{ when: atFirstStep, what: 'delete' }],
  },
  { name: 'a DaemonSet', target: 'DaemonSet' },
  { name: 'a DaemonSet that is rolled back', target: 'DaemonSet', version: 'failing' },
  { name: 'changed configs', changesConfig: true },
  { name: 'changed configs that are rolled back', changesConfig: true, version: 'failing' },
  { name: 'scaled by KEDA', spec: { autoscalerRef: scaledObjectRef }, further: keda },
  { name: 'Gateway API', spec: gatewayApi },
  { name: 'Gateway API, rolled back', spec: gatewayApi, version: 'failing' },
  {
    name: 'Services alone',
    spec: { provider: 'kubernetes', ingressRef: undefined },
    analysis: { iterations: 3, stepWeight: undefined, maxWeight: undefined },
  },
  {
    name: 'paused and resumed',
    later: [
      { when: atFirstStep, what: 'pause' },
      { when: ({ paused }) => paused !== undefined, what: 'resume' },
    ],
  },
  { name: 'aborted', later: [{ when: atFirstStep, what: 'abort' }] },
  { name: 'promoted before its time', later: [{ when: atFirstStep, what: 'promote' }] },
  {
    name: 'tried again after an abort',
    later: [
      { when: atFirstStep, what: 'abort' },
      { when: rolledBack, what: 'retry' },
    ],
  },
];
