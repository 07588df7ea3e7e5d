import { PerchError } from '../api/errors.js';
import type { HttpResponse } from '../ports/http.js';
import type { NotifierContext } from '../ports/notifier.js';
import { redact } from '../ports/redact.js';

const timeoutMs = 5000;

/** Characters of an answer that a message quotes. */
const quoted = 200;

/** Where a notifier posts to. */
export interface Webhook {
  /** For messages: `slack (hooks.slack.com)`. The address itself is a secret and never stands in one. */
  readonly label: string;
  readonly url: string;
}

/** The address as a webhook, or a PerchError that does not repeat it. */
export function readWebhook(provider: string, address: string): Webhook {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.host && /^https?:$/.test(url.protocol))
    return { label: `${provider} (${url.host})`, url: url.href };
  throw new PerchError({
    code: 'NOTIFIER_ADDRESS',
    message: `invalid ${provider} hook URL: expected http:// or https:// and a host, given ${address ? 'something else' : 'nothing'}`,
    remedy: 'put the webhook’s whole URL into the Secret (key `address`) or the flag it is read from',
    path: 'address',
  });
}

/**
 * Posts a JSON document; resolves with the answer when its status says that it was taken. `headers` are beside the
 * content's type.
 */
export async function post(
  context: NotifierContext,
  { label, url }: Webhook,
  document: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpResponse> {
  const { http, proxy } = context;
  const response = await http
    .request({
      method: 'POST',
      url,
      headers: { 'Content-type': 'application/json', ...headers },
      body: JSON.stringify(document),
      timeoutMs,
      ...(proxy ? { proxy } : {}),
    })
    .catch((error: unknown) => {
      throw notSent(label, withoutSecrets(messageOf(error), url, context));
    });
  if (response.status >= 200 && response.status <= 299) return response;
  const body = withoutSecrets(response.body, url, context).slice(0, quoted);
  throw notSent(label, `bad response ${response.status}: ${body}`);
}

/** `why` must hold nothing secret. */
export function notSent(label: string, why: string): PerchError {
  return new PerchError({
    code: 'NOTIFIER_NOT_SENT',
    message: `${label}: sending notification ${why}`,
    remedy:
      'check that the webhook still exists and that this host, through the proxy if one is set, is reachable',
  });
}

/** An answer may repeat what it was asked: nothing of the address behind its host, and no token, gets through. */
function withoutSecrets(text: string, url: string, { token, proxy }: NotifierContext): string {
  const { pathname, search, username, password } = new URL(url);
  const pieces = [...pathname.split('/'), ...search.split(/[?&=]/)].filter((piece) => piece.length >= 6);
  return redact(text, [url, `${pathname}${search}`, search, username, password, token, proxy, ...pieces]);
}

function messageOf(error: unknown): string {
  return `failed: ${error instanceof Error ? error.message : String(error)}`;
}
