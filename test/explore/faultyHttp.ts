import { PerchError } from '../../lib/api/errors.js';
import { sleep } from '../../lib/ports/clock.js';
import type { Http, HttpRequest, HttpResponse } from '../../lib/ports/http.js';
import type { Life } from './life.js';

const slowMs = 3_000;

/** A network that fails as the plan of its controller's life says. */
export function faultyHttp(inner: Http, life: Life): Http {
  const timeout = async ({ url, timeoutMs }: HttpRequest): Promise<never> => {
    await sleep(life.clock, timeoutMs);
    const { host } = new URL(url);
    throw new PerchError({
      code: 'NET_TIMEOUT',
      message: `${host}: no answer came`,
      remedy: 'none',
      path: host,
    });
  };
  const perform = async (request: HttpRequest): Promise<HttpResponse> => {
    const fault = life.seat.next('call', request.url.includes('/api/v1/query') ? 'metrics' : 'hook');
    switch (fault?.what) {
      case undefined:
        return inner.request(request);
      case 'error':
        return { status: 500, headers: {}, body: 'a fault that was planned' };
      case 'slow':
        await sleep(life.clock, slowMs);
        return inner.request(request);
      case 'noAnswer':
        return timeout(request);
      case 'lostAnswer':
        await inner.request(request);
        return timeout(request);
      case 'dieBefore':
        life.die();
        return life.silence();
      case 'dieAfter': {
        const answer = inner.request(request);
        life.die();
        return answer;
      }
    }
  };
  return {
    request: (request) => (life.alive ? life.whileAlive(perform(request)) : life.silence()),
  };
}
