import { historyText } from '../../lib/cli/historyView.js';
import { paintFor } from '../../lib/cli/paint.js';

const run = {
  revision: 'p1:0123456789abcdef',
  from: 'podinfo:6.9.0',
  to: 'podinfo:6.9.1',
  startedAt: '2026-01-01T00:00:00Z',
  endedAt: '2026-01-01T00:02:10Z',
  outcome: 'Failed',
  cause: 'success rate 69.17% < 99%',
  steps: [
    { at: '2026-01-01T00:00:10Z', weight: 5, reason: 'weightAdvanced' },
    { at: '2026-01-01T00:00:20Z', weight: 5, reason: 'metricBreached', message: 'Halt', times: 3 },
  ],
};
const text = (steps: boolean, runs = [run]) => historyText(runs, steps, paintFor(false));

test('a run is one line: when, from what to what, how it ended and why', () => {
  expect(text(false)).toBe(
    '2026-01-01T00:00:00Z  podinfo:6.9.0 → podinfo:6.9.1  Failed after 2m10s: success rate 69.17% < 99%\n',
  );
});

test('its steps are lines below it', () => {
  expect(text(true).split('\n').slice(1, 3)).toEqual([
    '    2026-01-01T00:00:10Z    5%  weightAdvanced',
    '    2026-01-01T00:00:20Z    5%  Halt (3 times)',
  ]);
});

test('a canary that has released nothing says so', () => {
  expect(text(false, [])).toBe('no releases yet\n');
});
