import type { Webhook } from '../../../lib/api/canary.js';
import { callHook } from '../../../lib/engine/hooks/call.js';
import type { HttpRequest, HttpResponse } from '../../../lib/ports/http.js';
import { settle, VirtualClock } from '../virtualClock.js';

const hook = (more: Partial<Webhook> = {}): Webhook => ({
  name: 'gate',
  url: 'http://user:pw@gate.test/check',
  ...more,
});
const reply = (status: number, body = '', headers = {}): HttpResponse => ({ status, body, headers });

function calling(answers: (HttpResponse | Error)[], webhook = hook()) {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const requests: { at: number; request: HttpRequest }[] = [];
  const http = {
    request: async (request: HttpRequest) => {
      requests.push({ at: clock.now(), request });
      const answer = answers[Math.min(requests.length, answers.length) - 1]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const credentials = { prepare: async () => {}, headersFor: async () => ({}), refused: () => {} };
  const ports = { http, clock, credentials, signal: abort.signal };
  return { clock, abort, requests, answer: callHook(ports, webhook, '{}') };
}

describe('calling a hook', () => {
  it.each([200, 202, 203, 204])('takes %d for a yes', async (status) => {
    expect(await calling([reply(status)]).answer).toEqual({ ok: true });
  });

  it.each([400, 403, 501])(
    'takes %d for a no, with the body as its reason, and does not ask again',
    async (status) => {
      const { answer, requests } = calling([reply(status, ' Forbidden\n')], hook({ retries: 3 }));
      expect(await answer).toEqual({ ok: false, error: 'Forbidden' });
      expect(requests).toHaveLength(1);
    },
  );

  it('tells the status where the answer has no body', async () => {
    expect(await calling([reply(404, ' ')]).answer).toEqual({
      ok: false,
      error: 'status 404 without a body',
    });
    expect(await calling([reply(500)]).answer).toEqual({
      ok: false,
      error: expect.stringMatching(/giving up after 1 attempt\(s\): status 500 without a body$/),
    });
  });

  it('posts JSON with ten seconds to answer, or what the hook allows', async () => {
    const { answer, requests } = calling([reply(200)]);
    await answer;
    expect(requests[0]?.request).toMatchObject({
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      timeoutMs: 10_000,
      insecureSkipVerify: false,
    });
    const other = calling([reply(200)], hook({ timeout: '3s', disableTLS: true }));
    await other.answer;
    expect(other.requests[0]?.request).toMatchObject({ timeoutMs: 3_000, insecureSkipVerify: true });
  });

  it('asks again after 1 s, 2 s and 4 s, and keeps the last reason', async () => {
    const { answer, clock, requests } = calling(
      [new Error('refused'), reply(500, 'no'), reply(429, 'no'), reply(503, 'still no')],
      hook({ retries: 3 }),
    );
    await clock.advance(60_000);
    const began = requests[0]!.at;
    expect(requests.map(({ at }) => at - began)).toEqual([0, 1_000, 3_000, 7_000]);
    expect(await answer).toEqual({
      ok: false,
      error: 'POST http://gate.test/check giving up after 4 attempt(s): still no',
    });
  });

  it.each([
    ['http://user:pw@gate.test/check?token=s3cret#top', 'http://gate.test/check'],
    ['http://gate.test', 'http://gate.test'],
    ['https://user:s3cret@hooks.test:8443/T0/B0/s3cret?token=s3cret', 'https://hooks.test:8443'],
    ['https://hooks.test\\s3cret', 'https://hooks.test'],
    ['hooks.test/T0/B0/s3cret', 'an invalid URL'],
  ])('says of %s no more than %s', async (url, shown) => {
    expect(await calling([reply(500, 'no')], hook({ url })).answer).toEqual({
      ok: false,
      error: `POST ${shown} giving up after 1 attempt(s): no`,
    });
  });

  it('waits as long as the receiver asks', async () => {
    const { answer, clock, requests } = calling(
      [reply(503, '', { 'retry-after': '5' }), reply(200)],
      hook({ retries: 1 }),
    );
    await clock.advance(4_999);
    expect(requests).toHaveLength(1);
    await clock.advance(1);
    expect(await answer).toEqual({ ok: true });
  });

  it('says that a time-out is no duration', async () => {
    expect(await calling([reply(200)], hook({ timeout: 'soon' })).answer).toMatchObject({
      ok: false,
      error: expect.stringContaining('"soon"'),
    });
  });

  it('ends without an answer when the controller stops while it waits', async () => {
    const { answer, abort } = calling([reply(500)], hook({ retries: 9 }));
    const rejected = expect(answer).rejects.toMatchObject({ code: 'ENGINE_STOPPED' });
    await settle();
    abort.abort();
    await rejected;
  });
});
