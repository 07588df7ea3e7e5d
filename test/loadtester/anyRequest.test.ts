import { admitAnybody, admitByToken } from '../../lib/loadtester/admission.js';
import { createGates } from '../../lib/loadtester/gates.js';
import { createLedger } from '../../lib/loadtester/load/ledger.js';
import { createTaskMetrics } from '../../lib/loadtester/metrics.js';
import { createRoutes } from '../../lib/loadtester/routes.js';
import type { Task } from '../../lib/loadtester/runner.js';
import fc from '../property.js';
import { recordLog } from './world.js';

const paths = [
  '/',
  '/gate/check',
  '/gate/open',
  '/rollback/close',
  '/gate/approve',
  '/loads',
  '/healthz/',
  '/%2e%2e/',
];
const metadata = fc.dictionary(
  fc.constantFrom(
    'type',
    'cmd',
    'url',
    'rate',
    'connections',
    'duration',
    'headers',
    'wait',
    '__proto__',
    'host',
  ),
  fc.oneof(
    fc.constantFrom(
      'bash',
      'cmd',
      'load',
      'constructor',
      'curl x',
      'sh -c ls',
      'http://x/',
      '1m',
      'true',
      '1e400',
    ),
    fc.string({ unit: 'binary' }),
  ),
);
const payload = fc.record(
  { name: fc.string(), namespace: fc.string(), phase: fc.string(), metadata },
  { requiredKeys: [] },
);
const question = fc.record({
  path: fc.oneof(fc.constantFrom(...paths), fc.webPath(), fc.string()),
  body: fc
    .oneof(
      fc.json(),
      fc.string({ unit: 'binary' }),
      payload.map((each) => JSON.stringify(each)),
    )
    .map((text) => async () => text),
  authorization: fc.option(fc.oneof(fc.string(), fc.constantFrom('Bearer ', 'Bearer x', 'Basic x')), {
    nil: undefined,
  }),
});

/** Routes whose runner starts nothing, and takes down what it should have. */
function routes(admit = admitAnybody) {
  const tasks: Task[] = [];
  const take = (task: Task) => void tasks.push(task);
  const ask = createRoutes({
    ...{ gates: createGates(), metrics: createTaskMetrics(), ledger: createLedger(), log: recordLog() },
    runner: {
      start: (task) => {
        take(task);
        return true;
      },
      run: async (task) => {
        take(task);
        return { outcome: 'success', output: '', error: '' };
      },
      killStarted() {},
      close: async () => {},
    },
    ...{ namespaces: undefined, admit, programs: ['curl'] },
  });
  return { ask, tasks };
}

describe('whatever is posted to the load tester', () => {
  test('is answered, and never by an error of its own', async () => {
    const { ask } = routes();
    await fc.assert(
      fc.asyncProperty(question, async (any) => {
        expect([200, 202, 400, 403, 429]).toContain((await ask(any)).status);
      }),
      { numRuns: 500 },
    );
  });

  test('starts no program that is not on the list', async () => {
    const { ask, tasks } = routes();
    await fc.assert(
      fc.asyncProperty(question, async (any) => void (await ask(any))),
      { numRuns: 500 },
    );
    const started = tasks
      .filter(({ type }) => type !== 'load')
      .map(({ title }) => title.trim().split(/\s/)[0]);
    expect(started.filter((program) => program !== 'curl')).toEqual([]);
    expect(tasks.map(({ type }) => type)).not.toContain('bash');
  });

  test('changes and starts nothing without the token, and its body is not even read', async () => {
    const body = () => Promise.reject(new Error('the body was read'));
    const { ask, tasks } = routes(admitByToken(() => 'a'.repeat(64)));
    await fc.assert(
      fc.asyncProperty(question, async (any) => {
        if (any.path === '/healthz' || any.path === '/metrics') return;
        expect(await ask({ ...any, body })).toMatchObject({ status: 401 });
      }),
    );
    expect(tasks).toEqual([]);
  });
});
