import type { DataPlane } from './dataPlane.js';

/** By cluster; what names the cluster is the affair of what configures the Envoy. Its histogram knows no codes. */
export const envoy: DataPlane = {
  requests: {
    name: 'envoy_cluster_upstream_rq',
    labels: ({ code }) => ({ envoy_response_code: String(code) }),
  },
  durations: [{ name: 'envoy_cluster_upstream_rq_time', perSecond: 1000 }],
};
