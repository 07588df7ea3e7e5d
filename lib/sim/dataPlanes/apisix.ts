import type { DataPlane } from './dataPlane.js';

/** By route: what two backends of one route answer is counted together. */
export const apisix: DataPlane = {
  requests: { name: 'apisix_http_status', labels: ({ code }) => ({ code: String(code) }) },
  durations: [{ name: 'apisix_http_latency', perSecond: 1000, labels: () => ({ type: 'request' }) }],
};
