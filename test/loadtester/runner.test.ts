import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTaskMetrics } from '../../lib/loadtester/metrics.js';
import { runCommand } from '../../lib/loadtester/processes.js';
import { createRunner, type Task } from '../../lib/loadtester/runner.js';
import { manualClock, recordLog, until } from './world.js';

const TIMEOUT_MS = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'perch-runner-'));
afterAll(() => rmSync(folder, { recursive: true }));

function bed() {
  const [log, metrics, clock] = [recordLog(), createTaskMetrics(), manualClock()];
  return {
    log,
    metrics,
    clock,
    runner: createRunner({ timeoutMs: TIMEOUT_MS, concurrency: 10 }, { log, clock, metrics }),
  };
}
function task(script: string, overrides: Partial<Task> = {}): Task {
  return {
    type: 'cmd',
    canary: 'podinfo.test',
    title: script,
    logOutput: false,
    perform: (limits) => runCommand({ program: 'bash', args: ['-c', script] }, limits),
    ...overrides,
  };
}
/** Still there, and not a zombie that nobody has reaped. */
function isAlive(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+[ZX]/m.test(readFileSync(status, 'utf8'));
}

test('a command that succeeds gives what it prints on both streams', async () => {
  const result = await bed().runner.run(task('echo out; echo err >&2'))!;
  expect(result).toMatchObject({ outcome: 'success', error: '' });
  expect(result!.output.split('\n').sort()).toEqual(['', 'err', 'out']);
});

test('a command that fails says its exit status', async () => {
  expect(await bed().runner.run(task('echo why; exit 3'))).toEqual({
    outcome: 'failure',
    output: 'why\n',
    error: 'exit status 3',
  });
});

test('a script that cannot be started is a failure like any other', async () => {
  const result = await bed().runner.run(task('echo \0'))!;
  expect(result!.outcome).toBe('failure');
  expect(result!.error).toContain('null bytes');
});

test('at its timeout a command is killed with everything that it started', async () => {
  const { runner, clock } = bed();
  const file = join(folder, 'pids');
  const result = runner.run(
    task(`echo begun; sleep 1000 & echo $! > ${file}.new; mv ${file}.new ${file}; sleep 1000`),
  );
  await until(() => existsSync(file));
  const pid = Number(readFileSync(file, 'utf8'));
  // what was written before the file lies in the pipe: one turn of the event loop reads it
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  clock.advance(TIMEOUT_MS - 1);
  expect(isAlive(pid)).toBe(true);
  clock.advance(1);
  expect(await result).toEqual({
    outcome: 'timeout',
    output: 'begun\n',
    error: 'signal: killed (after its timeout of 3600s)',
  });
  await until(() => !isAlive(pid));
});

test('what a command leaves running ends with it', async () => {
  const { runner } = bed();
  const file = join(folder, 'left-behind');
  await runner.run(task(`sleep 1000 >/dev/null 2>&1 & echo $! > ${file}`));
  const pid = Number(readFileSync(file, 'utf8'));
  await until(() => !isAlive(pid));
});

test('a program that is not there fails by its name', async () => {
  const perform: Task['perform'] = (limits) => runCommand({ program: 'no-such-program', args: [] }, limits);
  expect(await bed().runner.run(task('x', { perform }))).toMatchObject({
    error: 'no-such-program: command not found',
  });
});

test('a descendant that left the process group cannot hold the result up beyond the timeout', async () => {
  const { runner, clock } = bed();
  const left = join(folder, 'left');
  const result = runner.run(task(`setsid sh -c 'touch ${left}; sleep 5' & wait`));
  await until(() => existsSync(left));
  clock.advance(TIMEOUT_MS);
  expect((await result)!.outcome).toBe('timeout');
});

describe('a command in the background', () => {
  test('runs once while it runs, for each canary', async () => {
    const { runner, log, metrics } = bed();
    const script = `echo x >> ${join(folder, 'runs')}; sleep 60`;
    runner.start(task(script));
    runner.start(task(script));
    runner.start(task(script, { canary: 'other.test' }));
    expect((await log.line('is already running')).message).toBe(
      `command skipped ${script} is already running`,
    );
    expect(log.lines.filter(({ message }) => message.includes('skipped'))).toHaveLength(1);
    expect(await metrics.text()).toContain('perch_loadtester_tasks_running 2');
    await runner.close();
    expect(await metrics.text()).toContain('perch_loadtester_tasks_running 0');
  });

  test('may run again when it has ended', async () => {
    const { runner, log, metrics } = bed();
    runner.start(task('true'));
    await log.line('command finished true');
    await until(() => {
      runner.start(task('true'));
      return log.lines.filter(({ message }) => message === 'command finished true').length >= 2;
    });
    expect(await metrics.text()).toMatch(/tasks_total\{type="cmd",outcome="success"\} [2-9]/);
  });

  test('shows what it printed on success only when asked to', async () => {
    const { runner, log } = bed();
    runner.start(task('echo quiet'));
    runner.start(task('echo loud', { logOutput: true }));
    expect((await log.line('finished echo quiet')).fields).toEqual({ canary: 'podinfo.test' });
    expect((await log.line('finished echo loud')).fields).toEqual({
      canary: 'podinfo.test',
      output: 'loud\n',
    });
  });

  test('is logged with its output and counted when it fails', async () => {
    const { runner, log, metrics } = bed();
    runner.start(task('echo no route; exit 1'));
    const line = await log.line('command failed');
    expect(line).toMatchObject({ level: 'error', fields: { canary: 'podinfo.test' } });
    expect(line.message).toBe('command failed echo no route; exit 1: exit status 1: no route\n');
    expect(await metrics.text()).toContain('perch_loadtester_tasks_total{type="cmd",outcome="failure"} 1');
  });

  test('ends at a shutdown, while a command that is waited for goes on', async () => {
    const { runner, log } = bed();
    const release = join(folder, 'release');
    const waited = runner.run(task(`until [ -e ${release} ]; do sleep 0.02; done; echo done`));
    runner.start(task('sleep 1000'));
    runner.killStarted();
    expect((await log.line('command failed sleep 1000')).message).toContain('shutting down');
    await runner.run(task(`touch ${release}`));
    expect(await waited).toMatchObject({ outcome: 'success', output: 'done\n' });
  });
});
