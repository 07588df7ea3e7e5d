import { PerchError } from '../../api/errors.js';
import type { Http } from '../../ports/http.js';

type Fetch = (typeof globalThis)['fetch'];

const timeoutMs = 5000;

/** The network port in the form of `fetch`, for the library that gets tokens, and why its last request failed. */
export function portFetch(http: Http): {
  readonly fetch: Fetch;
  readonly failure: () => PerchError | undefined;
} {
  let failure: PerchError | undefined;
  const send: Fetch = async (input, init = {}) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const url = input instanceof Request ? input.url : String(input);
    const method = init.method === 'POST' ? 'POST' : 'GET';
    const body = init.body === undefined || init.body === null ? {} : { body: String(init.body) };
    try {
      // the library's own addresses, the node's credentials among them; no user names any of these
      const metadataAddresses = true;
      const answer = await http.request({ method, url, headers, ...body, timeoutMs, metadataAddresses });
      return new Response(answer.body || null, { status: answer.status, headers: answer.headers });
    } catch (error) {
      if (error instanceof PerchError) failure = error;
      throw error;
    }
  };
  return { fetch: send, failure: () => failure };
}
