import { defineKind, type Kind, type KubeObject } from '../../lib/api/kinds.js';

export const Nodes: Kind = defineKind('', 'v1', 'Node', 'nodes', false);

const capacity = { cpu: '10k', memory: '10Ti', pods: '100k' };

/** Nodes without a machine: kwok says that they are well, and that whatever is scheduled there runs at once. */
export function fakeNodes(count: number): KubeObject[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `fake-${index}`, labels: { 'kubernetes.io/hostname': `fake-${index}` } },
    status: { allocatable: capacity, capacity },
  })) as KubeObject[];
}

const ready = '.status.conditions.[] | select( .type == "Ready" ) | .status';

function stage(name: string, kind: string, matchExpressions: readonly object[], next: object): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: { resourceRef: { apiGroup: 'v1', kind }, selector: { matchExpressions }, next },
  };
}

const nodeStatus = `
conditions:
{{ range NodeConditions }}
- {lastHeartbeatTime: {{ Now | Quote }}, lastTransitionTime: {{ Now | Quote }}, message: {{ .message | Quote }}, reason: {{ .reason | Quote }}, status: {{ .status | Quote }}, type: {{ .type | Quote }}}
{{ end }}
phase: Running
`;

const podStatus = `
conditions:
- {lastTransitionTime: {{ Now | Quote }}, status: "True", type: Initialized}
- {lastTransitionTime: {{ Now | Quote }}, status: "True", type: Ready}
- {lastTransitionTime: {{ Now | Quote }}, status: "True", type: ContainersReady}
containerStatuses:
{{ range .spec.containers }}
- {image: {{ .image | Quote }}, name: {{ .name | Quote }}, ready: true, restartCount: 0, state: {running: {startedAt: {{ Now | Quote }}}}}
{{ end }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName false ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
phase: Running
startTime: {{ Now | Quote }}
`;

const leaving = { key: '.metadata.deletionTimestamp', operator: 'Exists' };
const staying = { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' };
const withoutAddress = { key: '.status.podIP', operator: 'DoesNotExist' };

/** Configuration of kwok, as text. */
export const kwokStages = [
  stage('node-ready', 'Node', [{ key: ready, operator: 'NotIn', values: ['True'] }], {
    statusTemplate: nodeStatus,
  }),
  stage('pod-ready', 'Pod', [staying, withoutAddress], { statusTemplate: podStatus }),
  stage('pod-gone', 'Pod', [leaving], { finalizers: { empty: true }, delete: true }),
]
  .map((document) => JSON.stringify(document))
  .join('\n---\n');
