import type { Kind, KubeObject } from '../../lib/api/kinds.js';
import {
  type ConfigMap,
  DaemonSets,
  type Deployment,
  Deployments,
  type Workload,
} from '../../lib/api/workloads.js';
import { namespace, podinfo } from '../sim/podinfo.js';
import type { Scenario } from './scenarios.js';

/** A part of the address that alerts go to, kept in a Secret: must be seen nowhere else. */
export const secretWord = 'T0PSECRETWORD';

const alerts = [{ name: 'team', severity: 'info', providerRef: { name: 'team' } }];

const base = { interval: '10s', threshold: 2, stepWeight: 25, maxWeight: 50, webhooks: [], alerts };

const metrics = [{ name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' }];

/** What the target reads, with the version that it is released with. */
export function settingsOf(version: string): ConfigMap {
  const metadata = { name: 'settings', namespace };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { version } };
}

/** Objects of the scenario: podinfo 6.9.0 under a canary that tells a team through an address from a Secret. */
export function objectsOf(scenario: Scenario): KubeObject[] {
  const { analysis, spec, further = [] } = scenario;
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
  const { kind } = targetKind(scenario);
  const targetRef = { apiVersion: 'apps/v1', kind, name: 'podinfo' };
  const declared = { ...canary, spec: { ...canary.spec, targetRef, ...spec } };
  const routed = stack.filter((object) => object.kind !== 'Ingress' || !isWithoutIngress(scenario));
  const objects = routed.map((object) => (isTarget(object) ? targetOf(object, scenario) : object));
  const configs = scenario.changesConfig ? [settingsOf('6.9.0')] : [];
  // JSON drops what is undefined
  return JSON.parse(
    JSON.stringify([...objects, ...configs, ...further, team, provider, declared]),
  ) as KubeObject[];
}

export function targetKind({ target }: Scenario): Kind<Workload> {
  return target === 'DaemonSet' ? DaemonSets : Deployments;
}

/** Services alone are still reached through the Ingress that leads to one. */
function isWithoutIngress({ spec = {} }: Scenario): boolean {
  return 'service' in spec;
}

function isTarget({ kind, metadata }: KubeObject): boolean {
  return kind === 'Deployment' && metadata.name === 'podinfo';
}

function targetOf(deployment: KubeObject, scenario: Scenario): KubeObject {
  const { kind } = targetKind(scenario);
  if (!scenario.changesConfig) return { ...deployment, kind };
  const { spec } = deployment as Deployment;
  const containers = spec.template.spec.containers.map((container) => ({
    ...container,
    envFrom: [{ configMapRef: { name: 'settings' } }],
  }));
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } };
  return { ...deployment, kind, spec: { ...spec, template } } as KubeObject;
}
