import { PerchError } from '../api/errors.js';
import type { HttpRequest } from '../ports/http.js';

/*
 * The URL of a webhook is itself a secret: its path and query never stand in an error, and neither does the
 * error of a library that may quote them.
 */

/** An http or https URL, or NET_URL. */
export function parseUrl(text: string, what = 'URL', base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname) return url;
  throw new PerchError({
    code: 'NET_URL',
    message: `expected the ${what} to begin with http:// or https:// and a host, got ${shape(text, url)}`,
    remedy: 'write the whole address, scheme included, e.g. http://prometheus.monitoring:9090',
  });
}

function shape(text: string, url: URL | undefined): string {
  if (text === '') return 'nothing';
  return url ? `the scheme ${url.protocol}//` : `${text.length} characters that are no URL`;
}

/** Why no answer came. */
export function transportError(request: HttpRequest, { host }: URL, error: unknown): PerchError {
  if (error instanceof PerchError) return error;
  const { name, code } = innermost(error);
  const about = { path: host };
  if (name === 'TimeoutError' || code.includes('TIMEOUT') || code === 'ETIMEDOUT') {
    return new PerchError({
      ...about,
      code: 'NET_TIMEOUT',
      message: `${request.method} to ${host}: expected an answer within ${request.timeoutMs} ms, got none`,
      remedy: 'check that the address is reachable from here and answers in time, or allow it more time',
    });
  }
  if (certificateCodes.test(code)) {
    return new PerchError({
      ...about,
      code: 'NET_CERTIFICATE',
      message: `${request.method} to ${host}: expected a certificate that can be verified, got ${code}`,
      remedy: 'serve a certificate of a known authority for this host name, or skip its verification',
    });
  }
  return new PerchError({
    ...about,
    code: 'NET_CONNECTION',
    message: `${request.method} to ${host}: ${phrases[code] ?? 'the connection failed'} (${code || name})`,
    remedy: 'check host and port, and that network policies and proxies let the connection through',
  });
}

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|HOSTNAME_MISMATCH/;

const phrases: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  EPROTO: 'the server does not speak TLS as expected',
  UND_ERR_ABORTED: 'the proxy refused the connection',
};

/** Errors come wrapped: the one at the bottom has the code of the operating system or of TLS. */
function innermost(error: unknown): { name: string; code: string } {
  const { name, code, cause, errors } = (error ?? {}) as Wrapped;
  if (errors?.length) return innermost(errors[0]);
  if (cause && !knownCode(String(code))) return innermost(cause);
  return { name: name ?? 'unknown error', code: typeof code === 'string' ? code : '' };
}

/** An Error as libraries make them; an AggregateError has `errors`, a DOMException a number for its code. */
interface Wrapped {
  readonly name?: string;
  readonly code?: string | number;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

function knownCode(code: string): boolean {
  return code in phrases || certificateCodes.test(code);
}
