import { PerchError } from '../api/errors.js';
import type { HttpRequest } from '../ports/http.js';
import { parseUrl } from './failure.js';

export interface Hop {
  readonly url: URL;
  readonly method: HttpRequest['method'];
  readonly headers: Record<string, string | string[]>;
  readonly body: string | undefined;
}

/** What another host may know: nothing by which perch, or the one it works for, proves who it is. */
const harmless = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/**
 * Where an answer sends the request, as Go's client: 307 and 308 repeat it, 301, 302 and 303 make it a GET
 * without a body. Undefined when the answer is final. Headers go along to the same origin only. A body may hold the key by
 * which a hook or an alert proves who it is: it goes to the same origin, or from http to https of the same host.
 */
export function nextHop(hop: Hop, status: number, location: string | string[] | undefined): Hop | undefined {
  const repeats = status === 307 || status === 308;
  if (!repeats && status !== 301 && status !== 302 && status !== 303) return undefined;
  if (typeof location !== 'string' || location === '') return undefined;
  const url = parseUrl(location, 'Location header', hop.url);
  const elsewhere = url.origin !== hop.url.origin;
  if (elsewhere && repeats && hop.body !== undefined && !isSecured(hop.url, url))
    throw bodyElsewhereError(hop, status, url);
  const kept = repeats
    ? { method: hop.method, headers: { ...hop.headers }, body: hop.body }
    : {
        method: 'GET' as const,
        headers: without(hop.headers, (name) => name.startsWith('content-')),
        body: undefined,
      };
  if (elsewhere) kept.headers = without(kept.headers, (name) => !harmless.has(name));
  return { url, ...kept };
}

/** The same host, by TLS: what ingress controllers answer where https is wanted. */
function isSecured(from: URL, to: URL): boolean {
  return (
    from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname && to.port === ''
  );
}

export function redirectsError({ method }: HttpRequest, { host }: URL, limit: number): PerchError {
  return new PerchError({
    code: 'NET_REDIRECTS',
    message: `${method} to ${host}: expected an answer after at most ${limit} redirects, got another redirect`,
    remedy: 'name the final address, or end the loop of redirects on the server',
    path: host,
  });
}

function bodyElsewhereError({ method, url: { host, origin } }: Hop, status: number, to: URL): PerchError {
  return new PerchError({
    code: 'NET_REDIRECT_BODY',
    message: `${method} to ${host}: expected an answer from ${origin}, got ${status} that sends the body on to ${to.origin}`,
    remedy:
      'name the final address, if that is where the body shall go: a body is sent to the one that was named alone',
    path: host,
  });
}

function without(headers: Hop['headers'], drop: (name: string) => boolean): Hop['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !drop(name)));
}
