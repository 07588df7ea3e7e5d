import type { Answer, DataPlane } from './dataPlane.js';

const labels = ({ code }: Answer) => ({ reporter: 'source', response_code: String(code) });

/** A gateway, which counts where requests leave: the pods behind it need no proxy. */
export const istioGateway: DataPlane = {
  requests: { name: 'istio_requests_total', labels },
  durations: [{ name: 'istio_request_duration_milliseconds', perSecond: 1000, labels }],
};
