import { readDuration } from '../../api/duration.js';
import { PerchError } from '../../api/errors.js';

/** What a load task shall do. */
export interface LoadPlan {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Requests a second, all connections together. */
  readonly rate: number;
  /** Requests under way at the same time, at most. */
  readonly connections: number;
  readonly durationMs: number;
  /** Is a status one that was hoped for? */
  readonly expects: (status: number) => boolean;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** Reads the metadata of a hook of the type `load`; LOADTESTER_LOAD names the key that is wrong. */
export function readPlan(metadata: Readonly<Record<string, string>>): LoadPlan {
  const { url = '', method = 'GET', headers = '', host, body } = metadata;
  const { rate = '10', connections = '2', duration = '1m', expectedStatus = '200-399' } = metadata;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw refusal('url', 'a URL with http:// or https://', url);
  }
  if (!methods.includes(method)) throw refusal('method', `one of ${methods.join(', ')}`, method);
  const durationMs = readDuration(duration) ?? 0;
  if (durationMs <= 0) throw refusal('duration', 'a duration above 0 such as 30s or 5m', duration);
  return {
    url: new URL(url),
    method,
    headers: { ...readHeaders(headers), ...(host ? { host } : {}) },
    body,
    rate: readNumber('rate', rate, { above: 0, most: 100_000 }),
    connections: readNumber('connections', connections, { above: 0, most: 1000, whole: true }),
    durationMs,
    expects: readStatuses(expectedStatus),
  };
}

function readNumber(
  key: string,
  text: string,
  { above, most, whole = false }: { above: number; most: number; whole?: boolean },
): number {
  const number = Number(text);
  if (text.trim() && number > above && number <= most && (!whole || Number.isInteger(number))) return number;
  throw refusal(key, `a ${whole ? 'whole ' : ''}number above ${above}, at most ${most}`, text);
}

/** A line each, as they stand in a request. */
function readHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n').filter((line) => line.trim())) {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+):[ \t]*([\x20-\x7e\t]*?)\s*$/.exec(line) ?? [];
    if (!name || value === undefined) throw refusal('headers', 'lines such as X-Version: canary', line);
    headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** `200`, `200-299`, and several between commas. */
function readStatuses(text: string): (status: number) => boolean {
  const ranges = text.split(',').map((part) => {
    const [, from, to = from] = /^\s*(\d{3})(?:-(\d{3}))?\s*$/.exec(part) ?? [];
    if (!from || !to) throw refusal('expectedStatus', 'statuses such as 200 or 200-299,404', text);
    return { from: Number(from), to: Number(to) };
  });
  return (status) => ranges.some(({ from, to }) => status >= from && status <= to);
}

function refusal(key: string, expected: string, given: string): PerchError {
  return new PerchError({
    code: 'LOADTESTER_LOAD',
    message: `metadata.${key}: expected ${expected}, got ${given ? `'${given}'` : 'nothing'}`,
    remedy: `correct metadata.${key} of the hook`,
    path: `metadata.${key}`,
  });
}
