import type { Construct } from 'constructs';
import { define } from '../manifest.js';

/** Where a namespaced object is. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** What the load tester trusts the controller by. */
export interface LoadTesterToken {
  /** The Secret that the controller puts the token into. */
  readonly secret: Place;
  /** The ConfigMap with the token's digest, all that the load tester sees of it. */
  readonly digest: Place;
}

const name = 'perch-loadtester-token';

/**
 * Both are written empty, and filled by the controller: a token made here would be another one at every synthesis,
 * and would stand in Git. As they exist, the controller needs no right to create any.
 */
export function defineToken(scope: Construct, namespaces: { controller: string; loadTester: string }) {
  const secret = { name, namespace: namespaces.controller };
  const digest = { name, namespace: namespaces.loadTester };
  define(scope, 'token', { apiVersion: 'v1', kind: 'Secret', metadata: secret, type: 'Opaque' });
  define(scope, 'digest', { apiVersion: 'v1', kind: 'ConfigMap', metadata: digest });
  return { secret, digest };
}

/** What the controller does with the two. */
export function tokenRules({ secret, digest }: LoadTesterToken) {
  const verbs = ['get', 'update'];
  const rule = (resource: string, at: Place) => ({
    [at.namespace]: [{ apiGroups: [''], resources: [resource], resourceNames: [at.name], verbs }],
  });
  return [rule('secrets', secret), rule('configmaps', digest)];
}

/**
 * Lets the controller's pods reach the load tester's hooks, and nobody else's; its metrics are for everybody, as the
 * controller's are. Kubelets' probes always come through.
 */
export function defineNetworkPolicy(
  scope: Construct,
  loadTester: Place & {
    readonly labels: Readonly<Record<string, string>>;
    readonly port: number;
    readonly metricsPort: number;
  },
  controller: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
): void {
  const { namespace, labels, port, metricsPort } = loadTester;
  const from = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': controller.namespace } },
    podSelector: { matchLabels: controller.labels },
  };
  define(scope, 'network-policy', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: loadTester.name, namespace, labels },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress'],
      ingress: [
        { from: [from], ports: [{ protocol: 'TCP', port }] },
        { ports: [{ protocol: 'TCP', port: metricsPort }] },
      ],
    },
  });
}
