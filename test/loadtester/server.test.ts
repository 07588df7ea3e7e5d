import { admitAnybody } from '../../lib/loadtester/admission.js';
import type { LoadTesterOptions } from '../../lib/loadtester/options.js';
import { createLoadTester, type LoadTester } from '../../lib/loadtester/server.js';
import { manualClock, recordLog } from './world.js';

const open = { admit: admitAnybody };
const testers: LoadTester[] = [];
afterEach(async () => {
  for (const tester of testers.splice(0)) await tester.close();
});

async function serve(options: Partial<LoadTesterOptions> = {}) {
  const [log, clock] = [recordLog(), manualClock()];
  const tester = createLoadTester(
    { timeoutMs: 60_000, programs: ['*'], ...open, ...options },
    { log, clock },
  );
  testers.push(tester);
  const url = `http://127.0.0.1:${await tester.listen(0)}`;
  const call = async (path: string, metadata?: Record<string, string>) => {
    const body = JSON.stringify({
      name: 'podinfo',
      namespace: 'test',
      phase: 'Progressing',
      checksum: '1',
      metadata,
    });
    const response = await fetch(`${url}${path}`, { method: 'POST', body });
    return { status: response.status, body: await response.text() };
  };
  return { tester, log, clock, url, call };
}

test("the seeds' acceptance test is answered with its result", async () => {
  const { url, call } = await serve();
  const cmd = `curl -sd 'test' --noproxy '*' ${url}/healthz | grep OK`;
  expect(await call('/', { type: 'bash', cmd })).toEqual({ status: 200, body: '' });
  const failing = `${cmd}AY`;
  expect(await call('/', { type: 'bash', cmd: failing })).toEqual({
    status: 500,
    body: `command ${failing} failed: : exit status 1`,
  });
});

test('the output of a blocking command is returned when asked for', async () => {
  const { call } = await serve();
  const metadata = { type: 'bash', cmd: 'echo v1.2.3', returnCmdOutput: 'true' };
  expect(await call('/', metadata)).toEqual({ status: 200, body: 'v1.2.3\n' });
});

test('a load test is accepted at once and its end is counted', async () => {
  const { url, call, log } = await serve();
  expect(await call('/', { cmd: 'echo load', logCmdOutput: 'true' })).toEqual({ status: 202, body: '' });
  expect((await log.line('command finished echo load')).fields.output).toBe('load\n');
  const metrics = await fetch(`${url}/metrics`);
  expect(metrics.headers.get('content-type')).toContain('version=0.0.4');
  expect(await metrics.text()).toContain('perch_loadtester_tasks_total{type="cmd",outcome="success"} 1');
});

test('gates work by GET without a query and by POST with one', async () => {
  const { url, call } = await serve();
  expect((await fetch(`${url}/gate/approve?x=1`)).status).toBe(200);
  expect(await call('/gate/check')).toEqual({ status: 403, body: 'Forbidden' });
  expect(await call('/gate/open?by=me')).toEqual({ status: 202, body: '' });
  expect(await call('/gate/check')).toEqual({ status: 200, body: 'Approved' });
});

test('a body without end is refused', async () => {
  const { url } = await serve();
  const response = await fetch(url, { method: 'POST', body: 'x'.repeat(2 * 1024 * 1024) });
  expect(response.status).toBe(413);
});

test('closing waits for the command that a client waits for', async () => {
  const { call, tester, log } = await serve();
  const answer = call('/', { type: 'bash', cmd: 'sleep 0.3; echo passed', returnCmdOutput: 'true' });
  await call('/', { cmd: 'sleep 1000' });
  await tester.close();
  expect(await answer).toEqual({ status: 200, body: 'passed\n' });
  expect((await log.line('command failed sleep 1000')).message).toContain('shutting down');
});

test('closing waits a minute and no longer', async () => {
  const { call, tester, clock } = await serve();
  const answer = call('/', { type: 'bash', cmd: 'sleep 1000' });
  await call('/gate/approve');
  const closed = tester.close();
  clock.advance(60_000);
  await closed;
  expect(await answer).toMatchObject({ status: 500 });
});

test('a port in use is told with its number and a remedy', async () => {
  const { url } = await serve();
  const second = createLoadTester({ timeoutMs: 1000, ...open }, { log: recordLog(), clock: manualClock() });
  await expect(second.listen(Number(new URL(url).port))).rejects.toMatchObject({
    code: 'LOADTESTER_LISTEN',
    message: expect.stringContaining('EADDRINUSE'),
  });
});

test('an expression that does not compile is told with a remedy', () => {
  const make = () =>
    createLoadTester(
      { timeoutMs: 1000, namespaceRegexp: '(test', ...open },
      { log: recordLog(), clock: manualClock() },
    );
  expect(make).toThrow(expect.objectContaining({ code: 'LOADTESTER_NAMESPACE_REGEXP' }));
});
