import { createHash } from 'node:crypto';
import { admitByToken } from '../../lib/loadtester/admission.js';
import { createLoadTester } from '../../lib/loadtester/server.js';
import { manualClock, recordLog } from './world.js';

const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');

test('the token whose digest is known is let in, with its line break or without', () => {
  const admit = admitByToken(() => `${digestOf('right')}\n`);
  expect(admit('Bearer right')).toBeUndefined();
  expect(admit('bearer right')).toBeUndefined();
});

test.each([undefined, '', 'right', 'Basic right', 'Bearer wrong', 'Bearer righ', 'Bearer '])(
  'the header %p is refused, and told how',
  (header) => {
    const answer = admitByToken(() => digestOf('right'))(header);
    expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('-allow-plain-requests') });
  },
);

test.each(['', 'abc', digestOf('')])('nobody is let in by the digest %p', (digest) => {
  const admit = admitByToken(() => digest);
  expect(admit('Bearer ')).toMatchObject({ status: 401 });
  expect(admit(undefined)).toMatchObject({ status: 401 });
});

test('a new digest counts from the next request on', () => {
  let digest = digestOf('old');
  const admit = admitByToken(() => digest);
  expect(admit('Bearer old')).toBeUndefined();
  digest = digestOf('new');
  expect(admit('Bearer old')).toMatchObject({ status: 401 });
  expect(admit('Bearer new')).toBeUndefined();
});

test('without the token neither tasks nor gates are there, only health and metrics', async () => {
  const admit = admitByToken(() => digestOf('right'));
  const [log, clock] = [recordLog(), manualClock()];
  const tester = createLoadTester({ timeoutMs: 1000, admit }, { log, clock });
  const url = `http://127.0.0.1:${await tester.listen(0)}`;
  const status = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`${url}${path}`, { method: 'POST', body: '{"name":"a","namespace":"b"}', headers })).status;
  for (const path of ['/', '/gate/check', '/gate/open', '/gate/approve', '/rollback/open']) {
    expect(await status(path)).toBe(401);
  }
  expect(await status('/healthz')).toBe(200);
  expect(await status('/metrics')).toBe(200);
  const authorization = 'Bearer right';
  expect(await status('/gate/check', { authorization })).toBe(403);
  expect(await status('/gate/open', { authorization })).toBe(202);
  expect(await status('/gate/check', { authorization })).toBe(200);
  expect(JSON.stringify(log.lines)).not.toContain('right');
  await tester.close();
});
