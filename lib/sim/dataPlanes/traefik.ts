import type { DataPlane } from './dataPlane.js';

/** By service, one histogram for everything. */
export const traefik: DataPlane = {
  durations: [
    {
      name: 'traefik_service_request_duration_seconds',
      labels: ({ code }) => ({ code: String(code), method: 'GET', protocol: 'http' }),
    },
  ],
};
