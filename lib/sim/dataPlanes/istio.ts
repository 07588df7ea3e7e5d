import { workloadOf } from '../models/pods.js';
import type { Answer, DataPlane } from './dataPlane.js';

const labels = ({ pod, code }: Answer) => ({
  reporter: 'destination',
  destination_workload_namespace: pod.namespace,
  destination_workload: workloadOf(pod),
  response_code: String(code),
});

/** The proxy beside the pod that answers. */
export const istio: DataPlane = {
  requests: { name: 'istio_requests_total', labels },
  durations: [{ name: 'istio_request_duration_milliseconds', perSecond: 1000, labels }],
};
