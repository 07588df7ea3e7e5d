import { type Dispatcher, request as send } from 'undici';
import type { EnvironmentProxies } from '../ports/environmentProxy.js';
import type { Http, HttpRequest, HttpResponse } from '../ports/http.js';
import { readBody } from './body.js';
import { createDispatchers } from './dispatchers.js';
import { parseUrl, transportError } from './failure.js';
import { checkHost } from './metadataAddresses.js';
import { nextHop, redirectsError } from './redirect.js';

export interface HttpOptions {
  /** @default - no proxy but the one a request names */
  readonly environment?: EnvironmentProxies;
  /** Every request may go to link-local addresses, where clouds keep credentials. @default false */
  readonly metadataAddresses?: boolean;
}

/** As Go's client: the eleventh answer that sends elsewhere is an error. */
const MAX_REDIRECTS = 10;

/** The network: connections are kept and shared by requests that go the same way. */
export function createHttp({ environment = {}, metadataAddresses = false }: HttpOptions = {}): Http {
  const dispatcherFor = createDispatchers(environment);
  return {
    async request(request) {
      const url = parseUrl(request.url);
      const proxy = request.proxy ? parseUrl(request.proxy, 'proxy').href : undefined;
      const allowed = metadataAddresses || (request.metadataAddresses ?? false);
      const way = {
        insecureSkipVerify: request.insecureSkipVerify ?? false,
        proxy,
        metadataAddresses: allowed,
      };
      const signal = AbortSignal.timeout(request.timeoutMs);
      try {
        return await follow(
          { ...request, metadataAddresses: allowed },
          url,
          (hop) => dispatcherFor(way, hop),
          signal,
        );
      } catch (error) {
        throw transportError(request, url, error);
      }
    },
  };
}

async function follow(
  request: HttpRequest,
  first: URL,
  dispatcherFor: (hop: URL) => Dispatcher,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let hop = { url: first, method: request.method, headers: headersOf(request), body: request.body };
  for (let redirects = 0; ; redirects++) {
    if (!request.metadataAddresses) checkHost(hop.url);
    const answer = await send(hop.url, {
      method: hop.method,
      headers: hop.headers,
      body: hop.body ?? null,
      dispatcher: dispatcherFor(hop.url),
      signal,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const next = nextHop(hop, answer.statusCode, answer.headers.location);
    if (!next) return response(answer);
    await answer.body.dump({ limit: 4096, signal });
    if (redirects === MAX_REDIRECTS) throw redirectsError(request, first, MAX_REDIRECTS);
    hop = next;
  }
}

function headersOf({ headers = {} }: HttpRequest): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? value : [...value],
    ]),
  );
}

async function response(answer: Dispatcher.ResponseData): Promise<HttpResponse> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { status: answer.statusCode, headers, body: await readBody(answer.body) };
}
