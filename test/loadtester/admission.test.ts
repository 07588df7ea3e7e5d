import { createHash } from 'node:crypto';
import { admitByToken } from '../../lib/loadtester/admission.js';
import { createLoadTester } from '../../lib/loadtester/server.js';
import { manualClock, recordLog } from './world.js';

const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');

test('the token whose digest is known is let in, with its line break or without', async () => {
  const admit = admitByToken(async () => `${digestOf('right')}\n`);
  expect(await admit('Bearer right')).toBeUndefined();
  expect(await admit('bearer right')).toBeUndefined();
});

test.each([undefined, '', 'right', 'Basic right', 'Bearer wrong', 'Bearer righ', 'Bearer '])(
  'the header %p is refused, and told how',
  async (header) => {
    const answer = await admitByToken(async () => digestOf('right'))(header);
    expect(answer).toMatchObject({ status: 401, body: expect.stringContaining('-allow-plain-requests') });
  },
);

test.each(['', 'abc', digestOf('')])('nobody is let in by the digest %p', async (digest) => {
  const admit = admitByToken(async () => digest);
  expect(await admit('Bearer ')).toMatchObject({ status: 401 });
  expect(await admit(undefined)).toMatchObject({ status: 401 });
});

test('a new digest counts from the next request on', async () => {
  let digest = digestOf('old');
  const admit = admitByToken(async () => digest);
  expect(await admit('Bearer old')).toBeUndefined();
  digest = digestOf('new');
  expect(await admit('Bearer old')).toMatchObject({ status: 401 });
  expect(await admit('Bearer new')).toBeUndefined();
});

test('without the token neither tasks nor gates are there, only health and metrics', async () => {
  const admit = admitByToken(async () => digestOf('right'));
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
