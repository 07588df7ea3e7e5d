import type { Answer, DataPlane } from './dataPlane.js';

const labels = ({ code }: Answer) => ({ code: String(code), method: 'GET' });

/** By route, with the metrics of answers and of routes switched on. */
export const skipper: DataPlane = {
  durations: [
    { name: 'skipper_response_duration_seconds', labels },
    { name: 'skipper_serve_route_duration_seconds', labels },
  ],
};
