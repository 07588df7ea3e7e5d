import { createLedger } from '../../../lib/loadtester/load/ledger.js';
import { createTaskMetrics } from '../../../lib/loadtester/metrics.js';
import { createRunner } from '../../../lib/loadtester/runner.js';
import { awaited } from '../../../lib/loadtester/tasks/awaited.js';
import { splitWords } from '../../../lib/loadtester/words.js';
import { manualClock, recordLog } from '../world.js';

const metrics = createTaskMetrics();
const runner = createRunner(
  { timeoutMs: 60_000, concurrency: 2 },
  { log: recordLog(), clock: manualClock(), metrics },
);
const world = { runner, metrics, ledger: createLedger(), programs: ['printf'] };
const print = awaited('printf', (words) => ({ program: 'printf', args: splitWords(words) }));
const ask = (cmd: string, more = {}) =>
  print({ name: 'podinfo', namespace: 'test', phase: 'Progressing', metadata: { cmd, ...more } }, world);

test('the program gets the words, and the answer has what it printed when that is asked for', async () => {
  expect(await ask("'%s;' one 'two words'", { returnCmdOutput: 'true' })).toMatchObject({
    status: 200,
    body: 'one;two words;',
  });
  expect(await ask("'%s;' one")).toMatchObject({ status: 200, body: '' });
});

test('what it printed is in the answer when it fails', async () => {
  const { status, body } = await ask("'%d' seven");
  expect(status).toBe(500);
  expect(body).toMatch(/^command '%d' seven failed: .*: exit status 1$/s);
});
