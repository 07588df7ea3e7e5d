import type { HttpRequest } from '../ports/http.js';
import type { MetricProviderContext } from '../ports/metrics.js';
import { Answer } from './answer.js';

/** As Flagger waits for most of them, milliseconds. */
const usualTimeoutMs = 5000;

type Question = Pick<HttpRequest, 'url' | 'headers' | 'body' | 'insecureSkipVerify'> & {
  /** @default GET, or POST with a body */
  readonly method?: HttpRequest['method'];
  /** @default 5000 */
  readonly timeoutMs?: number;
};

/** Sends a question to a vendor; every status is an answer. */
export async function ask(
  { http, secret }: Pick<MetricProviderContext, 'http' | 'secret'>,
  question: Question,
): Promise<Answer> {
  const credentials = question.headers?.Authorization;
  const { method = question.body === undefined ? 'GET' : 'POST', timeoutMs = usualTimeoutMs } = question;
  return new Answer(await http.request({ ...question, method, timeoutMs }), [
    ...Object.values(secret ?? {}),
    // Of basic authentication: what the Secret holds, in another form.
    ...[credentials ?? []].flat().map((value) => value.replace(/^\w+ /, '')),
  ]);
}
