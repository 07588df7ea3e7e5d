import { type Dispatcher, Pool } from 'undici';
import type { Limits } from '../runner.js';
import type { LoadPlan } from './plan.js';

/** What became of one request: its status, or the class of its failure. */
export interface Reply {
  readonly result: number | FailureClass;
  /** From sending it to the end of the answer. */
  readonly ms: number;
}

export type FailureClass = 'timeout' | 'refused' | 'reset' | 'lookup' | 'tls' | 'other';

export interface Sent {
  readonly elapsedMs: number;
  /** Requests that were due while every connection was busy for more than a second, and so were never sent. */
  readonly missed: number;
  readonly ended: 'itself' | 'timeout' | 'stop';
}

/** For an answer to begin, and between two pieces of it. */
const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Sends requests when they are due, whatever the answers take, as long as a connection is free; what is late is sent
 * as soon as one is. So the rate holds on average, and a stall is made good within a second or not at all.
 */
export async function generateLoad(
  plan: LoadPlan,
  { clock, signal, timeoutMs }: Limits,
  take: (reply: Reply) => void,
): Promise<Sent> {
  const pool = new Pool(plan.url.origin, {
    connections: plan.connections,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
  });
  const lasts = Math.min(plan.durationMs, timeoutMs);
  const total = Math.round((plan.rate * lasts) / 1000);
  const began = performance.now();
  const elapsed = () => performance.now() - began;
  let [sent, missed, underWay] = [0, 0, 0];

  await new Promise<void>((resolve) => {
    const over = () => signal.aborted || sent + missed >= total;
    const step = () => {
      const due = Math.min(total, Math.floor((elapsed() * plan.rate) / 1000) + 1);
      missed = Math.max(missed, Math.floor(due - plan.rate) - sent);
      while (!signal.aborted && sent + missed < due && underWay < plan.connections) {
        sent++;
        underWay++;
        send(pool, plan, (reply) => {
          underWay--;
          take(reply);
          if (over() && underWay === 0) resolve();
        });
      }
      if (!over()) clock.timer(Math.max(1, ((sent + missed) * 1000) / plan.rate - elapsed()), step);
      else if (underWay === 0) resolve();
    };
    signal.addEventListener('abort', () => {
      void pool.destroy();
      if (underWay === 0) resolve();
    });
    step();
  });
  const ended = signal.aborted ? 'stop' : plan.durationMs > timeoutMs ? 'timeout' : 'itself';
  await pool.destroy();
  return { elapsedMs: Math.max(elapsed(), signal.aborted ? 0 : lasts), missed, ended };
}

function send(pool: Pool, plan: LoadPlan, done: (reply: Reply) => void): void {
  const began = performance.now();
  let status = 0;
  const end = (result: Reply['result']) => done({ result, ms: performance.now() - began });
  const { pathname, search } = plan.url;
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart() {},
    onResponseStart(_controller, code) {
      status = code;
    },
    onResponseData() {},
    onResponseEnd: () => end(status),
    onResponseError: (_controller, error) => end(classOf(error)),
  };
  const method = plan.method as Dispatcher.HttpMethod;
  pool.dispatch({ path: pathname + search, method, headers: plan.headers, body: plan.body ?? null }, handler);
}

const classes: readonly (readonly [RegExp, FailureClass])[] = [
  [/TIMEOUT|ETIMEDOUT/, 'timeout'],
  [/ECONNREFUSED/, 'refused'],
  [/ECONNRESET|UND_ERR_SOCKET|EPIPE/, 'reset'],
  [/ENOTFOUND|EAI_AGAIN/, 'lookup'],
  [/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|HOSTNAME_MISMATCH/, 'tls'],
];

function classOf(error: Error & { readonly code?: string }): FailureClass {
  return classes.find(([pattern]) => pattern.test(error.code ?? ''))?.[1] ?? 'other';
}
