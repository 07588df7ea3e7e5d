import type { Answer, DataPlane } from './dataPlane.js';
import { envoy } from './envoy.js';

const pod = ({ pod: { namespace, name } }: Answer) => ({
  kubernetes_namespace: namespace,
  kubernetes_pod_name: name,
});

/** The Envoy beside each pod, scraped as a part of the pod. */
export const appMesh: DataPlane = {
  requests: {
    name: 'envoy_cluster_upstream_rq',
    labels: (answer) => ({ ...pod(answer), ...envoy.requests?.labels?.(answer) }),
  },
  durations: [{ name: 'envoy_cluster_upstream_rq_time', perSecond: 1000, labels: pod }],
};
