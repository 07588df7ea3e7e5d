import { ApiError } from '../ports/cluster.js';

/** The `Status` object that an API server answers a failure with; only what is read. */
export interface Status {
  readonly kind?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/** What a proxy in front of an API server may answer without a Status object, as client-go names it. */
const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/**
 * An answer to `asked` that is not a success. `body` is quoted only when it is a Status, which never holds an object's
 * data: the plain text `404 page not found` of a group that the API server does not know says less than the path.
 */
export function answeredError(
  asked: string,
  status: number,
  body: string,
  retryAfter: string | undefined,
): ApiError {
  const said = parseStatus(body);
  const seconds = retryAfterSeconds(retryAfter) ?? said?.details?.retryAfterSeconds;
  return new ApiError(
    status,
    said?.reason ?? reasons[status] ?? 'Unknown',
    said?.message ?? `${asked} was answered with HTTP ${status} and no reason`,
    seconds === undefined ? undefined : seconds * 1000,
  );
}

/** The ERROR event of a watch. */
export function watchError(status: Status): ApiError {
  const code = status.code ?? 500;
  return new ApiError(
    code,
    status.reason ?? reasons[code] ?? 'Unknown',
    status.message ?? `the watch ended with HTTP ${code}`,
  );
}

/** A request that got no answer: refused, cut, timed out, or a certificate that does not fit. */
export function connectionError(what: string, cause: unknown): ApiError {
  const error = new ApiError(0, 'ConnectionFailed', `${what}: ${describe(cause)}`);
  error.cause = cause;
  return error;
}

function describe(cause: unknown): string {
  const { message, code, name } = (cause ?? {}) as { message?: string; code?: string; name?: string };
  // The error of several refused addresses has no text of its own.
  return message || code || name || String(cause);
}

function parseStatus(body: string): Status | undefined {
  if (!body.startsWith('{')) return undefined;
  try {
    const parsed = JSON.parse(body) as Status;
    return parsed.kind === 'Status' ? parsed : undefined;
  } catch {
    // Cut short or not JSON after all: then there is only the HTTP status to go by.
    return undefined;
  }
}

/** The API server sends whole seconds; a date, which HTTP also allows, comes only from proxies and is passed over. */
function retryAfterSeconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined;
}
