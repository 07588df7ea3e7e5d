import { type Dispatcher, request } from 'undici';
import type { Kind } from '../api/kinds.js';
import type { ApiError } from '../ports/cluster.js';
import type { Connection } from './connection.js';
import { answeredError, connectionError } from './failure.js';
import type { RateLimit } from './rateLimit.js';

type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'updateStatus'
  | 'patch'
  | 'apply'
  | 'delete'
  | 'discover';

/** Told of every request when its answer's status is known; 0 when none came. */
export type RequestObserver = (verb: Verb, kind: Kind, status: number) => void;

export interface Call {
  readonly verb: Verb;
  readonly kind: Kind;
  readonly method: Dispatcher.HttpMethod;
  /** Path and query. */
  readonly path: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: unknown;
  /** Longest silence, milliseconds, before the answer's head and between its pieces. */
  readonly idleTimeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface TransportOptions {
  readonly connection: Connection;
  readonly rateLimit: RateLimit;
  /** e.g. `perch/1.0.0`; the API server takes the part before the slash for the name of the field manager. */
  readonly userAgent: string;
  readonly onRequest?: RequestObserver;
}

/** Sends a call; resolves with the answer of a success, its body unread; rejects with ApiError otherwise. */
export type Transport = (call: Call) => Promise<Dispatcher.ResponseData>;

export function createTransport(options: TransportOptions): Transport {
  const { connection, rateLimit, onRequest } = options;
  const attempt = async (call: Call): Promise<Dispatcher.ResponseData> => {
    await rateLimit.acquire();
    try {
      const answer = await send(options, call);
      onRequest?.(call.verb, call.kind, answer.statusCode);
      return answer;
    } catch (error) {
      onRequest?.(call.verb, call.kind, 0);
      throw connectionError(`${call.method} ${connection.baseUrl}${call.path.split('?')[0]}`, error);
    }
  };
  return async (call) => {
    let answer = await attempt(call);
    if (answer.statusCode === 401) {
      // A token may have been revoked or rotated before its time: once more with a fresh one.
      await answer.body.dump();
      connection.renew();
      answer = await attempt(call);
    }
    if (answer.statusCode < 300) return answer;
    throw await refusal(`${call.method} ${call.path.split('?')[0]}`, answer);
  };
}

async function send(options: TransportOptions, call: Call): Promise<Dispatcher.ResponseData> {
  const { connection, userAgent } = options;
  const headers: Record<string, string | string[]> = {
    ...(await connection.headers()),
    'user-agent': userAgent,
    accept: call.accept ?? 'application/json',
  };
  if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json';
  return request(`${connection.baseUrl}${call.path}`, {
    dispatcher: await connection.dispatcher(),
    method: call.method,
    headers,
    body: call.body === undefined ? null : JSON.stringify(call.body),
    headersTimeout: call.idleTimeoutMs,
    bodyTimeout: call.idleTimeoutMs,
    signal: call.signal ?? null,
  });
}

async function refusal(asked: string, answer: Dispatcher.ResponseData): Promise<ApiError> {
  const retryAfter = answer.headers['retry-after'];
  const text = await answer.body.text().catch((error: unknown) => {
    throw connectionError(`HTTP ${answer.statusCode}, its body cut short`, error);
  });
  return answeredError(
    asked,
    answer.statusCode,
    text,
    typeof retryAfter === 'string' ? retryAfter : undefined,
  );
}
