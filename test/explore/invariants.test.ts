import type { CanaryStatus } from '../../lib/api/canary.js';
import { invariants, violations } from './invariants.js';
import { play } from './play.js';
import { scenarios } from './scenarios.js';
import { secretWord } from './stack.js';
import type { Stand, Trace } from './trace.js';

const [scenario] = scenarios;
const calm = { scenario: 'promotion by weights', incidents: [] };

const isAt = ({ status }: Stand, phase: string, weight = status.canaryWeight) =>
  status.phase === phase && status.canaryWeight === weight;

function first({ stands }: Trace, phase: string, weight?: number): Stand {
  return stands.find((stand) => isAt(stand, phase, weight))!;
}

/** Seen at the same time as `next`, and by so much of an order before it. */
function before<T extends { readonly order: number }>(
  all: readonly T[],
  next: Omit<Stand, 'status'>,
  one: T,
  by = 0.5,
): T[] {
  return [...all, { ...one, at: next.at, order: next.order - by }].toSorted((a, b) => a.order - b.order);
}

/** Where the canary is at half of the traffic, the status says something else. */
function atHalf(trace: Trace, change: (status: CanaryStatus) => CanaryStatus): Trace {
  const stands = trace.stands.map((stand) =>
    isAt(stand, 'Progressing', 50) ? { ...stand, status: change(stand.status) } : stand,
  );
  return { ...trace, stands };
}

function after(time: string | undefined, ms: number): string {
  return new Date(Date.parse(time ?? '') + ms).toISOString();
}

/** What goes wrong in a promotion by weights for each sentence to be the only one that does not hold. */
const defects: Readonly<Record<string, (trace: Trace) => Trace>> = {
  'Traffic never goes to a version with no ready pod while another has one.': (trace) => {
    const last = trace.traffic.at(-1)!;
    const shares = [
      { share: 0.75, pods: 1, tags: ['6.9.0'] },
      { share: 0.25, pods: 0, tags: [] },
    ];
    return { ...trace, traffic: before(trace.traffic, last, { ...last, shares }) };
  },
  'Once initialised, the app always has somebody who answers, deletion included.': (trace) => {
    const last = trace.traffic.at(-1)!;
    const dark = { ...last, ready: 0, shares: [{ share: 1, pods: 0, tags: [] }] };
    return { ...trace, traffic: before(trace.traffic, last, dark) };
  },
  'After a run all traffic is on the last good version.': (trace) => ({
    ...trace,
    traffic: trace.traffic.with(-1, {
      ...trace.traffic.at(-1)!,
      shares: [{ share: 1, pods: 2, tags: ['6.9.0', '6.9.1'] }],
    }),
  }),
  'Weights sum to 100.': ({ routes = [], ...trace }) => {
    const last = routes.at(-1)!;
    return { ...trace, routes: before(routes, last, { ...last, primary: 75, canary: 55 }) };
  },
  'Routes send what the status says, as soon as the controller has had its time.': (trace) => ({
    ...trace,
    routes: trace.routes!.slice(0, 2),
  }),
  'No step without a passing check since the last step.': (trace) => ({
    ...trace,
    checks: trace.checks.map((check) => ({ ...check, order: trace.checks[0]!.order })),
  }),
  'No double step: an interval lies between two steps, and each is one stepWeight.': (trace) => {
    const lastCheckTime = after(first(trace, 'Progressing', 25).status.lastCheckTime, 1_000);
    return atHalf(trace, (status) => ({ ...status, lastCheckTime }));
  },
  'A canary by weights never gets more than maxWeight while the primary serves.': (trace) => {
    const [half, next] = [first(trace, 'Progressing', 50), first(trace, 'Promoting')];
    const lastCheckTime = after(half.status.lastCheckTime, trace.intervalMs);
    const over = { ...half, status: { ...half.status, canaryWeight: 75, lastCheckTime } };
    const { stands, checks } = trace;
    return {
      ...trace,
      stands: before(stands, next, over),
      checks: before(checks, next, checks.at(-1)!, 0.25),
    };
  },
  'Failed checks never pass the threshold.': (trace) =>
    atHalf(trace, (status) => ({ ...status, failedChecks: 4 })),
  'Never two promotions of one run.': (trace) => {
    const [half, promoting, next] = [
      first(trace, 'Progressing', 50),
      first(trace, 'Promoting'),
      first(trace, 'Finalising'),
    ];
    return {
      ...trace,
      stands: before(before(trace.stands, next, half, 0.75), next, promoting, 0.25),
      checks: before(trace.checks, next, trace.checks.at(-1)!),
    };
  },
  'The primary never gets a template that was not analysed, unless somebody asked for that.': (trace) => ({
    ...trace,
    primaries: trace.primaries.with(-1, {
      ...trace.primaries.at(-1)!,
      order: trace.checks[0]!.order - 0.5,
    }),
  }),
  'Succeeded means that the primary runs what the target runs.': (trace) => ({
    ...trace,
    targets: [...trace.targets, { ...trace.traffic.at(-1)!, tag: '6.9.2' }],
  }),
  'A terminal phase is reached in bounded time.': (trace) => ({ ...trace, ended: false }),
  'Each phase follows one that it may follow.': (trace) => ({
    ...trace,
    stands: trace.stands.filter((stand) => !isAt(stand, 'Promoting')),
  }),
  'No rollout without a new revision or a retry.': (trace) => {
    const half = first(trace, 'Progressing', 50);
    const stands = trace.stands.map((stand) =>
      stand.order < half.order
        ? stand
        : { ...stand, status: { ...stand.status, lastAppliedSpec: 'another' } },
    );
    return { ...trace, stands };
  },
  'At rest nothing is written.': (trace) => ({ ...trace, restlessWrites: 3 }),
  'No Secret value in any log, event or status.': (trace) => ({
    ...trace,
    words: `${trace.words} Basic ${Buffer.from(`perch:${secretWord}`).toString('base64')}`,
  }),
  'Every terminal transition alerts.': (trace) => ({ ...trace, alerts: trace.alerts.slice(0, 1) }),
  'Every start alerts.': (trace) => ({ ...trace, alerts: trace.alerts.slice(1) }),
  'Each alert comes once, but for what a stop, another leader or a refused or unanswered write left open.': (
    trace,
  ) => ({
    ...trace,
    alerts: [...trace.alerts, trace.alerts[0]!],
  }),
};

describe('the invariants', () => {
  let trace: Trace;

  beforeAll(async () => {
    ({ trace } = await play(scenario!, calm));
  });

  it('all hold in a promotion without any fault', () => {
    expect(violations(trace, calm)).toEqual([]);
  });

  it.each(Object.entries(defects))('can fail, each alone: %s', (sentence, spoilt) => {
    expect(violations(spoilt(trace), calm).map((violation) => violation.sentence)).toEqual([sentence]);
  });

  it('have a trace each in which they fail', () => {
    expect(invariants.map(({ sentence }) => sentence).toSorted()).toEqual(Object.keys(defects).toSorted());
  });
});
