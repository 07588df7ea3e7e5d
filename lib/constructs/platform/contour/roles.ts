import type { Rule } from '../../identity.js';

/*
 * What Contour 1.33 asks of the API server, as its own manifests grant it
 * (https://github.com/projectcontour/contour/tree/main/examples/contour), less the kinds of Gateway API's experimental
 * channel, for which it is started without informers.
 */
const read = ['get', 'list', 'watch'];
const routes = ['gatewayclasses', 'gateways', 'grpcroutes', 'httproutes'];
const proxies = ['contourconfigurations', 'extensionservices', 'httpproxies'];

const rule = (group: string, resources: readonly string[], verbs: readonly string[]): Rule => ({
  apiGroups: [group],
  resources,
  verbs,
});

const status = (resources: readonly string[]) => resources.map((resource) => `${resource}/status`);

export const clusterRules: readonly Rule[] = [
  rule('', ['configmaps', 'namespaces', 'secrets', 'services'], read),
  rule('discovery.k8s.io', ['endpointslices'], read),
  rule('gateway.networking.k8s.io', [...routes, 'referencegrants'], read),
  rule('gateway.networking.k8s.io', status(routes), ['update']),
  rule('networking.k8s.io', ['ingresses'], read),
  rule('networking.k8s.io', ['ingresses/status'], ['get', 'update']),
  rule('projectcontour.io', [...proxies, 'tlscertificatedelegations'], read),
  rule('projectcontour.io', status(proxies), ['get', 'update']),
];

/** In its own namespace: who leads, and what happened. */
export const namespaceRules: readonly Rule[] = [
  rule('', ['events'], ['create', 'get', 'update']),
  rule('coordination.k8s.io', ['leases'], ['create']),
  { ...rule('coordination.k8s.io', ['leases'], ['get', 'update']), resourceNames: ['leader-elect'] },
];

/** Of the job that makes the certificates: it makes these two Secrets, once, and reads none. */
export const certificateRules: readonly Rule[] = [
  rule('', ['secrets'], ['create']),
  { ...rule('', ['secrets'], ['update']), resourceNames: ['contourcert', 'envoycert'] },
];

/** Kinds that the rules above leave out. */
export const disabledFeatures = ['tlsroutes', 'tcproutes', 'backendtlspolicies'];
