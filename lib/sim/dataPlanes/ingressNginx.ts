import type { Answer, DataPlane } from './dataPlane.js';

const labels = ({ code }: Pick<Answer, 'code'>) => ({ method: 'GET', status: String(code) });

export const ingressNginx: DataPlane = {
  requests: { name: 'nginx_ingress_controller_requests', labels },
  durations: [{ name: 'nginx_ingress_controller_response_duration_seconds', labels }],
  unanswered: labels({ code: 503 }),
};
