import { createLog } from '../../lib/cli/log.js';
import type { LogLevel } from '../../lib/ports/log.js';

const clock = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6), timer: () => ({ cancel() {} }) };

function lines(level: string, encoding = 'json') {
  const written: string[] = [];
  const log = createLog({ level, encoding, clock, write: (line) => written.push(line) });
  return { written, log };
}

test("an entry is one JSON object a line with zap's keys", () => {
  const { written, log } = lines('info');
  log.log('info', 'Advance podinfo.test canary weight 5', { canary: 'podinfo.test' });
  expect(written).toEqual([
    '{"level":"info","ts":"2026-01-02T03:04:05.006Z","msg":"Advance podinfo.test canary weight 5","canary":"podinfo.test"}\n',
  ]);
});

test('for people an entry is divided by tabs', () => {
  const { written, log } = lines('info', 'console');
  log.log('warn', 'Halt advancement', { canary: 'podinfo.test' });
  log.log('info', 'two\nlines');
  expect(written[0]).toBe('2026-01-02T03:04:05.006Z\twarn\tHalt advancement\t{"canary":"podinfo.test"}\n');
});

test.each([
  ['debug', 'debug info warn error'],
  ['info', 'info warn error'],
  ['warn', 'warn error'],
  ['error', 'error'],
  ['fatal', ''],
  ['panic', ''],
  ['warning', 'info warn error'],
])('at level %s these are written: %s', (level, expected) => {
  const { written, log } = lines(level);
  for (const each of ['debug', 'info', 'warn', 'error'] satisfies LogLevel[]) log.log(each, 'x');
  expect(written.map((line) => JSON.parse(line).level).join(' ')).toBe(expected);
});
