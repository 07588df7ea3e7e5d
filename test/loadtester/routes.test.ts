import { admitAnybody } from '../../lib/loadtester/admission.js';
import { createGates } from '../../lib/loadtester/gates.js';
import { createLedger } from '../../lib/loadtester/load/ledger.js';
import { createTaskMetrics } from '../../lib/loadtester/metrics.js';
import { type Answering, createRoutes } from '../../lib/loadtester/routes.js';
import { createRunner } from '../../lib/loadtester/runner.js';
import { manualClock, recordLog } from './world.js';

const podinfo = { name: 'podinfo', namespace: 'test', phase: 'Progressing' };

function routes(namespaces?: RegExp, programs = ['bash', 'sleep']): Answering {
  const [log, metrics, clock] = [recordLog(), createTaskMetrics(), manualClock()];
  const runner = createRunner({ timeoutMs: 60_000, concurrency: 2 }, { log, clock, metrics });
  return createRoutes({
    ...{ gates: createGates(), runner, metrics, ledger: createLedger(), log, namespaces },
    ...{ admit: admitAnybody, programs },
  });
}
const send = (ask: Answering, path: string, body: string) => ask({ path, body: async () => body });
const post = (ask: Answering, path: string, payload: unknown) => send(ask, path, JSON.stringify(payload));

test('it is healthy without a body', async () => {
  expect(await send(routes(), '/healthz', '')).toEqual({ status: 200, body: 'OK' });
});

test('the approving gate always lets pass and the halting gate never does', async () => {
  const ask = routes();
  expect(await send(ask, '/gate/approve', '')).toEqual({ status: 200, body: 'OK' });
  expect(await send(ask, '/gate/halt', '')).toEqual({ status: 403, body: 'Forbidden' });
});

describe.each(['gate', 'rollback'])('a %s', (kind) => {
  test('is closed until it is opened and closed again', async () => {
    const ask = routes();
    expect(await post(ask, `/${kind}/check`, podinfo)).toEqual({ status: 403, body: 'Forbidden' });
    expect(await post(ask, `/${kind}/open`, podinfo)).toEqual({ status: 202, body: '' });
    expect(await post(ask, `/${kind}/check`, podinfo)).toEqual({ status: 200, body: 'Approved' });
    expect(await post(ask, `/${kind}/check`, podinfo)).toEqual({ status: 200, body: 'Approved' });
    expect(await post(ask, `/${kind}/close`, podinfo)).toEqual({ status: 202, body: '' });
    expect(await post(ask, `/${kind}/check`, podinfo)).toEqual({ status: 403, body: 'Forbidden' });
  });

  test('belongs to one canary of one namespace', async () => {
    const ask = routes();
    await post(ask, `/${kind}/open`, podinfo);
    expect(await post(ask, `/${kind}/check`, { ...podinfo, namespace: 'prod' })).toMatchObject({
      status: 403,
    });
    expect(await post(ask, `/${kind}/check`, { ...podinfo, name: 'other' })).toMatchObject({ status: 403 });
  });
});

test('opening a gate leaves the rollback switch of the same canary closed', async () => {
  const ask = routes();
  await post(ask, '/gate/open', podinfo);
  expect(await post(ask, '/rollback/check', podinfo)).toMatchObject({ status: 403 });
});

test.each(['/', '/gate/check', '/gate/open', '/rollback/check'])(
  'what is no webhook payload is a bad request at %s',
  async (path) => {
    const ask = routes();
    for (const body of ['', '{', '"text"', '[]', '{"name":1}', '{"metadata":{"cmd":7}}']) {
      expect(await send(ask, path, body)).toEqual({ status: 400, body: '' });
    }
  },
);

test('namespaces that the expression does not match are refused, on every path that is about a canary', async () => {
  const ask = routes(/^(test|staging)$/);
  for (const path of ['/', '/gate/check', '/gate/open', '/rollback/open']) {
    expect(await post(ask, path, { ...podinfo, namespace: 'prod' })).toEqual({
      status: 403,
      body: 'Forbidden',
    });
  }
  expect(await post(ask, '/gate/open', podinfo)).toMatchObject({ status: 202 });
});

test('a task needs metadata', async () => {
  for (const metadata of [undefined, null, {}]) {
    expect(await post(routes(), '/', { ...podinfo, metadata })).toEqual({
      status: 400,
      body: 'metadata not found in payload',
    });
  }
});

test.each(['cmd', 'bash', 'helm', 'kubectl'])('a task of type %s needs a command', async (type) => {
  expect(await post(routes(), '/', { ...podinfo, metadata: { type } })).toEqual({
    status: 400,
    body: 'cmd not found in metadata',
  });
});

test.each(['concord', 'constructor', ''])(
  'the unknown task type %p is refused with what is supported',
  async (type) => {
    expect(await post(routes(), '/', { ...podinfo, metadata: { type, cmd: 'test' } })).toEqual({
      status: 400,
      body: `unknown task type ${type}; supported are cmd, bash, helm, helmv3, kubectl, load`,
    });
  },
);

test.each([
  ['bash', 'true | cat', 200, ''],
  ['cmd', 'sleep 0', 202, ''],
  ['cmd', 'sleep 0 | cat', 400, 'metadata.type to bash'],
  ['cmd', 'sleep 0; id', 400, 'metadata.type to bash'],
  ['cmd', 'cat /etc/passwd', 403, 'one of the programs bash, sleep, got cat'],
  ['cmd', '/bin/sleep 0', 403, 'got /bin/sleep'],
])('a task of type %s that says %p is answered with %d', async (type, command, status, text) => {
  const answer = await post(routes(), '/', { ...podinfo, metadata: { type, cmd: command } });
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(text);
});

test.each([
  // no machine's helm knows this word, nor does one that is not there
  ['helm', 'no-such-word', 500, 'command no-such-word failed: '],
  ['helmv3', 'no-such-word', 500, 'command no-such-word failed: '],
  ['helm', 'test podinfo | cat', 400, 'metadata.type to bash'],
  ['kubectl', 'get pods', 403, 'one of the programs helm, got kubectl'],
])('a task of type %s that says %p is waited for and answered with %d', async (type, cmd, status, text) => {
  const answer = await post(routes(undefined, ['helm']), '/', { ...podinfo, metadata: { type, cmd } });
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(text);
});

test('more tasks than may run at once are refused, and the same one again is not more', async () => {
  const ask = routes();
  const run = (cmd: string) => post(ask, '/', { ...podinfo, metadata: { cmd } });
  expect(await run('sleep 0.2')).toMatchObject({ status: 202 });
  expect(await run('sleep 0.3')).toMatchObject({ status: 202 });
  expect(await run('sleep 0.3')).toMatchObject({ status: 202 });
  expect(await run('sleep 0.4')).toMatchObject({
    status: 429,
    body: expect.stringContaining('-max-running'),
  });
  expect(await post(ask, '/', { ...podinfo, metadata: { type: 'bash', cmd: 'true' } })).toMatchObject({
    status: 429,
  });
});
