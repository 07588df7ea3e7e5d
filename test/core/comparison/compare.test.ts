import type { CanaryMetric, MetricComparison } from '../../../lib/api/canary.js';
import type { Answer, Question } from '../../../lib/core/decision.js';
import fc from '../../property.js';
import { approve, settledWorld, T0, v2, type World } from '../model.js';

interface Looked {
  readonly fromMs: number;
  readonly toMs: number;
}

type Rates = (look: Looked) => { readonly canary: number; readonly primary: number };

/** A version with so many failures a second, of 10 requests a second of the canary and 90 of the primary. */
function counting(rates: Rates, looks: Looked[] = []) {
  return (question: Question): Answer => {
    if (question.type !== 'counts') return approve(question);
    const { fromMs, toMs } = question;
    looks.push({ fromMs: fromMs - T0, toMs: toMs - T0 });
    const seconds = (toMs - fromMs) / 1000;
    const { canary, primary } = rates({ fromMs, toMs });
    return {
      kind: 'counts',
      canary: { requests: 10 * seconds, bad: [Math.round(canary * seconds)] },
      primary: { requests: 90 * seconds, bad: [Math.round(primary * seconds)] },
    };
  };
}

function releasing(
  answer: (question: Question) => Answer,
  comparison: MetricComparison = {},
  more: { interval?: string; metric?: Partial<CanaryMetric> } = {},
): World {
  const { interval = '10s', metric } = more;
  const metrics = [{ name: 'request-success-rate', comparison, ...metric }];
  const world = settledWorld({
    analysis: { interval, metrics },
    spec: { progressDeadlineSeconds: 60 },
    answer,
  });
  world.release(v2);
  return world;
}

const bad: Rates = () => ({ canary: 1, primary: 0.9 });
const good: Rates = () => ({ canary: 0.1, primary: 0.9 });

describe('a metric that compares with the primary', () => {
  it('rolls back at once when the canary is worse, and says so with numbers', () => {
    const world = releasing(counting(bad)).run();
    expect(world.status.phase).toBe('Failed');
    expect(world.status.failedChecks).toBe(0);
    expect(world.texts.filter((text) => text.startsWith('Rolling back'))).toEqual([
      "Rolling back podinfo.test request-success-rate worse than the primary's over the same time: 10 of 100 requests failed (10.00%), of the primary's 9 of 900 (1.00%); as good a version would be taken for worse in at most 1% of releases",
    ]);
    expect(world.alerts.at(-1)).toMatch(/^error: Canary request-success-rate worse than the primary's/);
    expect(world.status.history?.at(-1)).toMatchObject({ outcome: 'Failed' });
    expect(world.status.history?.at(-1)?.cause).toContain('10 of 100 requests failed');
  });

  it('looks every ten seconds, however long the interval, and counts no moment twice', () => {
    const looks: Looked[] = [];
    const rates: Rates = ({ toMs }) =>
      toMs - T0 > 100_000 ? bad({ fromMs: 0, toMs }) : good({ fromMs: 0, toMs });
    const world = releasing(counting(rates, looks), {}, { interval: '3m' }).run();
    expect(world.status.phase).toBe('Failed');
    expect(world.weights).toEqual([10, 0]);
    const lengths = looks.map(({ fromMs, toMs }) => toMs - fromMs);
    expect(new Set(lengths)).toEqual(new Set([10_000]));
    expect(looks.slice(1).map(({ fromMs }) => fromMs)).toEqual(looks.slice(0, -1).map(({ toMs }) => toMs));
  });

  it('needs no bound, and asks for its value where there is one', () => {
    const asked: string[] = [];
    const noting = (question: Question): Answer => {
      asked.push(question.type);
      return counting(good)(question);
    };
    expect(releasing(noting).run().status.phase).toBe('Succeeded');
    expect(asked).not.toContain('metric');
    const bounded = { thresholdRange: { min: 101 } };
    expect(releasing(noting, {}, { metric: bounded }).run().texts).toContain(
      'Rolling back podinfo.test failed checks threshold reached 5',
    );
  });

  it('goes on while it is undecided, and says before the promotion what it knows', () => {
    const world = releasing(counting(() => ({ canary: 0, primary: 0 }))).run();
    expect(world.status.phase).toBe('Succeeded');
    expect(world.texts).toContainEqual(
      expect.stringContaining(
        "undecided by request-success-rate, 0 of 500 requests failed (0.00%), of the primary's 0 of 4500 (0.00%)",
      ),
    );
    expect(world.status.history?.at(-1)?.steps.at(-3)?.measured).toContainEqual({
      metric: 'request-success-rate',
      value: 0,
      primary: 0,
      verdict: 'undecided',
    });
  });

  it('waits before the promotion with onUndecided wait, until it is decided', () => {
    const rates: Rates = () => ({ canary: 1, primary: 9 });
    const world = releasing(counting(rates), { onUndecided: 'wait' }).run();
    expect(world.status.phase).toBe('Succeeded');
    expect(world.texts).toContainEqual(expect.stringContaining('not worse by request-success-rate'));
  });

  it('waits before the canary gets everything, when there is nothing to compare it with any more', () => {
    const world = settledWorld({
      analysis: {
        stepWeight: 50,
        maxWeight: 100,
        metrics: [{ name: 'request-success-rate', comparison: { onUndecided: 'wait' } }],
      },
      spec: { progressDeadlineSeconds: 600 },
      answer: counting(() => ({ canary: 1, primary: 9 })),
    });
    world.release(v2);
    expect(world.run().status.phase).toBe('Succeeded');
    expect(world.texts).toContainEqual(expect.stringContaining('not worse by request-success-rate'));
  });

  it('waits no longer than the progress deadline', () => {
    const world = releasing(
      counting(() => ({ canary: 0, primary: 0 })),
      { onUndecided: 'wait' },
    ).run();
    expect(world.status.phase).toBe('Failed');
    expect(world.alerts.at(-1)).toBe(
      'error: Progress deadline exceeded comparison of request-success-rate with the primary undecided for 60s',
    );
  });

  it('takes a canary without requests as onNoData says', () => {
    const silent = (question: Question): Answer =>
      question.type === 'counts'
        ? { kind: 'noData', provider: 'nginx', detail: 'no requests to compare' }
        : approve(question);
    const ended = (onNoData: CanaryMetric['onNoData']) =>
      releasing(silent, {}, { metric: { ...(onNoData && { onNoData }) } }).run();
    expect(ended(undefined).alerts.at(-1)).toBe('error: Failed checks threshold reached 5');
    expect(ended('wait').alerts.at(-1)).toContain('no values found for metric request-success-rate for 60s');
    expect(ended('pass').status.phase).toBe('Succeeded');
  });

  it('fails a check that nobody answers, and waits for a server that cannot be reached', () => {
    const failing =
      (unreachable: boolean) =>
      (question: Question): Answer =>
        question.type === 'counts'
          ? { kind: 'error', text: 'Comparison of request-success-rate failed', unreachable }
          : approve(question);
    expect(releasing(failing(false)).run().alerts.at(-1)).toBe('error: Failed checks threshold reached 5');
    const waiting = releasing(failing(true), {}, { metric: { onNoData: 'wait' } }).run();
    expect(waiting.alerts.at(-1)).toContain('Progress deadline exceeded no values found');
  });

  it('starts afresh with a new revision, and when its factors are changed', () => {
    const world = releasing(counting(good)).run(30_000);
    expect(world.status.comparisons).toMatchObject([{ looks: 2 }]);
    const { analysis } = world.canary.spec;
    analysis.metrics = [{ name: 'request-success-rate', comparison: { tolerance: 3 } }];
    world.run(40_000);
    expect(world.status.comparisons).toMatchObject([{ looks: 0, tolerance: 3 }]);
    world.run();
    world.release('p1:0000000000000003');
    world.run(world.now - T0 + 5000);
    expect(world.status.comparisons).toMatchObject([{ looks: 0, canary: { requests: 0 } }]);
  });

  it('does not look where all requests go to the canary', () => {
    const looks: Looked[] = [];
    const world = settledWorld({
      analysis: {
        stepWeights: [50, 100],
        metrics: [{ name: 'request-success-rate', comparison: {} }],
      },
      answer: counting(good, looks),
    });
    world.release(v2);
    world.run();
    expect(world.status.phase).toBe('Succeeded');
    expect(looks).toHaveLength(1);
  });
});

describe('the record of a comparison', () => {
  const boundaries = Array.from({ length: 40 }, (_, at) => (at + 1) * 25);

  it('is small, whatever the histogram and the counts', () => {
    const slowness =
      (random: () => number) =>
      (question: Question): Answer => {
        if (question.type !== 'counts') return approve(question);
        const of = (requests: number) => ({
          requests,
          bad: boundaries.map(() => Math.floor(random() * requests)),
        });
        return {
          kind: 'counts',
          canary: of(1e7 / 3),
          primary: of(1e9 / 3),
          boundaries,
          past: Array.from({ length: 100 }, () => of(1e8 / 7)),
        };
      };
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
        const random = () => stream.next().value as number;
        const world = releasing(slowness(random), {}, { metric: { name: 'request-duration' } }).run(120_000);
        for (const record of world.status.comparisons ?? []) {
          expect(record.boundaries).toHaveLength(12);
          expect(JSON.stringify(record).length).toBeLessThan(4096);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('keeps to one boundary with slowerThan: the next of the histogram', () => {
    const answer = (question: Question): Answer =>
      question.type === 'counts'
        ? {
            kind: 'counts',
            canary: { requests: 100, bad: [50, 40, 0] },
            primary: { requests: 900, bad: [400, 10, 0] },
            boundaries: [100, 250, 500],
          }
        : approve(question);
    const world = releasing(answer, { slowerThan: 200 }, { metric: { name: 'request-duration' } }).run();
    expect(world.status.comparisons).toMatchObject([{ boundaries: [250], verdict: 'worse' }]);
    expect(world.alerts.at(-1)).toContain(
      "40 of 100 requests took longer than 250ms (40.00%), of the primary's 10 of 900 (1.11%)",
    );
  });
});
