import { PerchError } from '../../api/errors.js';
import type { HttpRequest } from '../../ports/http.js';

/** The connection fails as the real network says it: host only, since the rest of an address may be a secret. */
export function connectionFailure({ method, url }: HttpRequest, why: string): PerchError {
  const { host } = new URL(url);
  return new PerchError({
    code: 'NET_CONNECTION',
    message: `${method} to ${host}: ${why}`,
    remedy: 'check host and port, and that network policies and proxies let the connection through',
    path: host,
  });
}

export const noSuchHost = 'no such host (ENOTFOUND)';
export const connectionRefused = 'connection refused (ECONNREFUSED)';
