import type { Webhook } from '../../api/canary.js';
import { webhookTimeoutMs } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import type { HookAnswer } from '../../core/decision.js';
import { type Clock, sleep } from '../../ports/clock.js';
import type { Http, HttpResponse } from '../../ports/http.js';
import { createBackoff } from '../backoff.js';
import { advisedText } from '../errorText.js';
import type { HookCredentials } from './loadTesterToken.js';

export interface HookPorts {
  readonly http: Http;
  readonly clock: Clock;
  readonly credentials: HookCredentials;
  /** Aborted when the controller stops: no further attempt is made. */
  readonly signal: AbortSignal;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Characters of an answer's body that are worth an event. */
const LONGEST_BODY = 512;

type Attempt = { readonly answer: HookAnswer } | { readonly failure: string; readonly waitMs: number };

/**
 * Posts a payload to a hook. Any 2xx is a yes (Flagger takes 203 and 204 for a no). Transport errors, 429 and 5xx
 * but 501 are tried again `retries` times, after 1 s, 2 s, 4 s … 30 s or what Retry-After asks for.
 */
export async function callHook(ports: HookPorts, webhook: Webhook, body: string): Promise<HookAnswer> {
  const url = shownUrl(webhook.url);
  let timeoutMs: number;
  try {
    timeoutMs = webhookTimeoutMs(webhook);
  } catch (error) {
    return { ok: false, error: advisedText(error) };
  }
  const attempts = 1 + Math.max(0, Math.trunc(webhook.retries ?? 0));
  const backoff = createBackoff(FIRST_RETRY_MS, LONGEST_RETRY_MS);
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptCall(ports, webhook, body, timeoutMs);
    if ('answer' in outcome) return outcome.answer;
    if (attempt >= attempts) {
      return { ok: false, error: `POST ${url} giving up after ${attempt} attempt(s)${outcome.failure}` };
    }
    await sleep(ports.clock, outcome.waitMs || backoff.next(), ports.signal);
    if (ports.signal.aborted) throw stopped();
  }
}

async function attemptCall(
  ports: HookPorts,
  webhook: Webhook,
  body: string,
  timeoutMs: number,
): Promise<Attempt> {
  let response: HttpResponse;
  try {
    response = await ports.http.request({
      method: 'POST',
      url: webhook.url,
      headers: { 'Content-Type': 'application/json', ...(await ports.credentials.headersFor(webhook.url)) },
      body,
      timeoutMs,
      insecureSkipVerify: webhook.disableTLS ?? false,
    });
  } catch (error) {
    return { failure: `: ${advisedText(error)} (spec.analysis.webhooks, ${webhook.name})`, waitMs: 0 };
  }
  const { status } = response;
  if (status >= 200 && status < 300) return { answer: { ok: true } };
  if (status === 401) ports.credentials.refused();
  const text = response.body.trim().slice(0, LONGEST_BODY) || `status ${status} without a body`;
  if (status !== 429 && (status < 500 || status === 501)) return { answer: { ok: false, error: text } };
  // Flagger loses the body here, and with it the reason
  return { failure: `: ${text}`, waitMs: retryAfterMs(ports.clock, response) };
}

/** Only 429 and 503 may ask for a wait; 0 when they do not. */
function retryAfterMs(clock: Clock, { status, headers }: HttpResponse): number {
  if (status !== 429 && status !== 503) return 0;
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1] ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : Math.max(0, at - clock.now());
}

/**
 * As Flagger shows it, without what may be secret: user name, password and query; and the path, unless it goes in plain
 * text anyway.
 */
function shownUrl(url: string): string {
  const [, scheme = '', host, path] = /^\s*(https?:\/\/)(?:[^/?#\\]*@)?([^/?#\\]+)([^?#]*)/i.exec(url) ?? [];
  if (!host || !URL.canParse(url)) return 'an invalid URL';
  return `${scheme}${host}${scheme.toLowerCase() === 'http://' ? path : ''}`;
}

function stopped(): PerchError {
  return new PerchError({
    code: 'ENGINE_STOPPED',
    message: 'the controller stopped while a hook was waited for',
    remedy: 'none: the next controller asks the hook again',
  });
}
