import { PerchError } from '../../api/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { HttpRequest, HttpResponse } from '../../ports/http.js';

/** The answer, or the failure of a client that has waited for as long as the request allows. */
export function patiently(
  clock: Clock,
  request: HttpRequest,
  answer: Promise<HttpResponse>,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const timer = clock.timer(request.timeoutMs, () => reject(tooLate(request)));
    void answer.then(resolve, reject).finally(() => timer.cancel());
  });
}

function tooLate({ method, url, timeoutMs }: HttpRequest): PerchError {
  const { host } = new URL(url);
  return new PerchError({
    code: 'NET_TIMEOUT',
    message: `${method} to ${host}: expected an answer within ${timeoutMs} ms, got none`,
    remedy: 'check that the address is reachable from here and answers in time, or allow it more time',
    path: host,
  });
}
