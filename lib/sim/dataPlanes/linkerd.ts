import { workloadOf } from '../models/pods.js';
import type { Answer, DataPlane } from './dataPlane.js';

const labels = ({ pod, code }: Answer) => ({
  namespace: pod.namespace,
  deployment: workloadOf(pod),
  direction: 'inbound',
  status_code: String(code),
});

/** The proxy beside the pod that answers. */
export const linkerd: DataPlane = {
  requests: {
    name: 'response_total',
    labels: (answer) => ({
      ...labels(answer),
      classification: answer.code >= 500 ? 'failure' : 'success',
    }),
  },
  durations: [{ name: 'response_latency_ms', perSecond: 1000, labels }],
};
