import { workloadOf } from '../models/pods.js';
import type { Answer, DataPlane } from './dataPlane.js';

const labels = ({ pod }: Answer) => ({
  destination_namespace: pod.namespace,
  destination_kind: 'Deployment',
  destination_name: workloadOf(pod),
});

export const openServiceMesh: DataPlane = {
  requests: {
    name: 'osm_request_total',
    labels: (answer) => ({ ...labels(answer), response_code: String(answer.code) }),
  },
  durations: [{ name: 'osm_request_duration_ms', perSecond: 1000, labels }],
};
