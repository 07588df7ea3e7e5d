import type { WorldPorts } from '../../lib/sim/controller.js';
import { crashEverywhere } from './crashPoints.js';
import { explore } from './exploration.js';
import { violations } from './invariants.js';
import { kinds } from './kinds.js';
import { play } from './play.js';
import { scenarios } from './scenarios.js';
import { describeIncident, type Schedule } from './schedule.js';

const named = (...names: readonly string[]) => scenarios.filter(({ name }) => names.includes(name));

/** Time for so many schedules. */
function allow(schedules: number): () => boolean {
  let left = schedules;
  return () => left-- <= 0;
}

/** Takes a Prometheus that answers with an error for one that says that all is well. */
function trustingErrors(ports: WorldPorts): WorldPorts {
  return {
    ...ports,
    http: {
      async request(request) {
        const answer = await ports.http.request(request);
        if (answer.status !== 500 || !request.url.includes('/api/v1/query')) return answer;
        const data = { resultType: 'vector', result: [{ metric: {}, value: [0, '100'] }] };
        return { status: 200, headers: {}, body: JSON.stringify({ status: 'success', data }) };
      },
    },
  };
}

/** A schedule in which every invariant holds, and what came true of it. */
async function playedWell(schedule: Schedule) {
  const played = await play(named(schedule.scenario)[0]!, schedule);
  expect(violations(played.trace, schedule)).toEqual([]);
  return played;
}

describe('the exploration', () => {
  it('finds nothing at the crash points of a rollback', async () => {
    const among = named('rollback by failed checks');
    const report = await explore({ seed: 1, timeIsUp: allow(41), scenarios: among });
    expect(report.findings).toEqual([]);
    expect(report.schedules).toBeGreaterThan(35);
  });

  it('finds nothing in random schedules', async () => {
    const report = await explore({ seed: 20, timeIsUp: allow(20), crashPoints: false });
    expect(report.findings).toEqual([]);
    expect(report.states.size).toBeGreaterThan(20);
  });

  it('finds a planted defect, and shrinks the schedule to the one incident that it takes', async () => {
    const { findings } = await explore({
      seed: 1,
      timeIsUp: allow(200),
      scenarios: named('promotion by weights'),
      crashPoints: false,
      defect: trustingErrors,
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      schedule: { scenario: 'promotion by weights', incidents: [{ on: 'call', who: 0, what: 'error' }] },
    });
    expect(findings[0]?.schedule.incidents).toHaveLength(1);
    expect(findings[0]?.timeline.join('\n')).toMatch(
      /the target is given 6\.9\.1[\s\S]*status: Progressing, 50 %/,
    );
    expect(findings[0]?.violations.map(({ sentence }) => sentence)).toContain(
      'No step without a passing check since the last step.',
    );
  });

  it('takes whatever throws for a violation', async () => {
    const when = (): boolean => {
      throw new Error('a defect that throws');
    };
    const among = named('promotion by weights').map((scenario) => ({
      ...{ ...scenario, later: [{ when, what: 'release' as const }] },
    }));
    const { findings } = await explore({
      ...{ seed: 1, timeIsUp: allow(30), scenarios: among, crashPoints: false },
    });
    expect(findings[0]?.violations[0]?.contradiction).toContain('a defect that throws');
  });

  it('sees two leaders, one with a stale cache, undo each other’s route at a bounded rate', async () => {
    const name = 'tried again after an abort';
    const { asked, trace } = await play(named(name)[0]!, {
      scenario: name,
      incidents: [
        { on: 'time', ms: 0, what: 'secondLeader' },
        { on: 'event', who: 0, nth: 12, what: 'twice', ms: 50 },
        { on: 'event', who: 0, nth: 14, what: 'late', ms: 15_000 },
        { on: 'time', ms: 2_300, what: 'editPolicy' },
        { on: 'time', ms: 31_500, what: 'editPolicy' },
        { on: 'time', ms: 60_200, what: 'restart' },
        { on: 'time', ms: 66_600, what: 'releaseAnother' },
      ],
    });
    expect(trace.ended).toBe(true);
    expect(asked.request).toBeLessThan(1_000);
  });

  it.each([50, 2_000])(
    'a leader that sees the target %i ms late begins no run anew that another has begun',
    async (ms) => {
      const schedule: Schedule = {
        scenario: 'promotion by weights',
        incidents: [
          { on: 'time', ms: 0, what: 'secondLeader' },
          { on: 'event', who: 0, nth: 0, what: 'late', ms },
        ],
      };
      const { happened } = await playedWell(schedule);
      expect(happened).toHaveLength(2);
    },
  );

  it.each([50, 2_000])(
    'a leader that sees changed configs %i ms late begins no run anew that another has begun',
    async (ms) => {
      const schedule: Schedule = {
        scenario: 'changed configs',
        incidents: [
          { on: 'time', ms: 0, what: 'secondLeader' },
          { on: 'event', who: 0, nth: 0, what: 'late', ms },
        ],
      };
      const { happened } = await playedWell(schedule);
      expect(happened).toHaveLength(2);
    },
  );

  it('a watch that is some milliseconds late is no later for a clock that is set back', async () => {
    const schedule: Schedule = {
      scenario: 'Gateway API',
      incidents: [
        { on: 'event', who: 0, nth: 0, what: 'late', ms: 50 },
        { on: 'time', ms: 3_200, what: 'scaleTarget' },
        { on: 'time', ms: 3_100, what: 'clockBack' },
      ],
    };
    const { happened } = await playedWell(schedule);
    expect(happened).toHaveLength(3);
  });

  it('who waits for a hook while another leader carries out a deletion takes nothing back from the target', async () => {
    const schedule: Schedule = {
      scenario: 'deletion in the middle',
      incidents: [
        { on: 'time', ms: 13_040, what: 'secondLeader' },
        { on: 'call', who: 0, nth: 0, what: 'lostAnswer' },
      ],
    };
    const { happened } = await playedWell(schedule);
    expect(happened).toHaveLength(2);
  });

  it('who sees a deletion late, in the middle of a check, takes nothing back from the target', async () => {
    const schedule: Schedule = {
      scenario: 'deletion in the middle',
      incidents: [
        { on: 'time', ms: 0, what: 'secondLeader' },
        { on: 'event', who: 0, nth: 7, what: 'late', ms: 50 },
      ],
    };
    const { happened } = await playedWell(schedule);
    expect(happened).toHaveLength(2);
  });

  it('what a leader puts back that sees a deletion late is released again before the primary goes', async () => {
    const schedule: Schedule = {
      scenario: 'deletion in the middle',
      incidents: [
        { on: 'time', ms: 0, what: 'secondLeader' },
        { on: 'time', ms: 3_100, what: 'touchCanary' },
        { on: 'event', who: 0, nth: 7, what: 'late', ms: 50 },
      ],
    };
    const { happened } = await playedWell(schedule);
    expect(happened).toHaveLength(3);
  });

  it('who says an end that another began tells it once, though it is refused the record of it', async () => {
    const schedule: Schedule = {
      scenario: 'promotion by weights',
      incidents: [
        { on: 'request', who: 0, nth: 38, what: 'busy' },
        { on: 'alert', who: 0, nth: 1, what: 'dieAfter' },
      ],
    };
    const { happened } = await playedWell(schedule);
    expect(happened).toHaveLength(2);
  });

  it.each([
    ['releaseAnother', 20],
    ['touchCanary', 20],
    ['editPolicy', 20],
    ['suspend', 20],
    ['touchCanary', 22],
  ] as const)(
    'an end is told once, though before what follows it somebody does this: %s, and request %i is refused',
    async (what, nth) => {
      const schedule: Schedule = {
        scenario: 'A/B test',
        incidents: [
          { on: 'call', who: 0, nth: 0, what: 'error' },
          { on: 'call', who: 0, nth: 3, what: 'error' },
          { on: 'time', ms: 43_100, what },
          { on: 'request', who: 0, nth, what: 'conflict' },
        ],
      };
      const { happened } = await playedWell(schedule);
      expect(happened).toHaveLength(4);
    },
  );

  it('an end is told once, though first what follows it and then the record of it is refused', async () => {
    const schedule: Schedule = {
      scenario: 'Gateway API, rolled back',
      incidents: [
        { on: 'request', who: 0, nth: 17, what: 'conflict' },
        { on: 'request', who: 0, nth: 20, what: 'conflict' },
      ],
    };
    const { happened } = await playedWell(schedule);
    expect(happened).toHaveLength(2);
  });

  it('a failed promotion whose primary comes back gives the traffic back before the status says so', async () => {
    const schedule: Schedule = {
      scenario: 'a DaemonSet that is rolled back',
      incidents: [
        { on: 'time', ms: 100, what: 'releaseFirstAgain' },
        { on: 'time', ms: 29_200, what: 'clockForward' },
      ],
    };
    const { trace } = await playedWell(schedule);
    expect(trace.stands.some(({ status }) => status.phase === 'Failed' && status.canaryWeight === 100)).toBe(
      true,
    );
  });

  it('a config that is seen late is not left out of a promotion that somebody asks for', async () => {
    const schedule: Schedule = {
      scenario: 'changed configs',
      incidents: [
        { on: 'time', ms: 0, what: 'promoteFully' },
        { on: 'event', who: 0, nth: 0, what: 'late', ms: 50 },
      ],
    };
    const { trace } = await playedWell(schedule);
    expect(trace.stands.filter(({ status }) => status.phase === 'Promoting')).toHaveLength(1);
  });

  it('a stop leaves open what begins and what ends, when both alerts are on their way', async () => {
    const schedule: Schedule = {
      scenario: 'promotion by weights',
      incidents: [
        { on: 'time', ms: 0, what: 'abort' },
        { on: 'alert', who: 0, nth: 0, what: 'dieAfter' },
        { on: 'alert', who: 0, nth: 2, what: 'dieAfter' },
      ],
    };
    const { trace } = await playedWell(schedule);
    expect(trace.alerts.filter((text) => text.startsWith('New revision'))).toHaveLength(3);
  });

  it('a controller that sees a further release 15 s late does not promote the version before it', async () => {
    const schedule: Schedule = {
      scenario: 'paused and resumed',
      incidents: [
        { on: 'event', who: 0, nth: 13, what: 'late', ms: 15_000 },
        { on: 'time', ms: 39_900, what: 'releaseAnother' },
        { on: 'call', who: 0, nth: 0, what: 'error' },
      ],
    };
    const { trace, happened } = await playedWell(schedule);
    expect(happened).toEqual(['failing metrics', 'further releases', 'stale caches']);
    expect(trace.primaries.map(({ tag }) => tag)).toEqual(['6.9.0', '6.9.2']);
  });

  it('tries the same schedules, and sees the same, with the same seed', async () => {
    const once = () => explore({ seed: 7, timeIsUp: allow(12), crashPoints: false });
    expect(await once()).toEqual(await once());
  });

  it('tries with two workers what one would try', async () => {
    const among = named('gates');
    // asked before each batch of 25 schedules, and before each of them
    const alone = await explore({ seed: 3, timeIsUp: allow(52), scenarios: among, crashPoints: false });
    const parts = await Promise.all(
      [0, 1].map((index) =>
        explore({
          ...{ seed: 3, timeIsUp: allow(26), scenarios: among, crashPoints: false },
          part: { index, of: 2 },
        }),
      ),
    );
    expect(parts.map(({ schedules }) => schedules)).toEqual([25, 25]);
    expect(new Set(parts.flatMap(({ states }) => [...states]))).toEqual(alone.states);
  });

  it('kills at every point, whichever worker it falls to', async () => {
    const among = named('A/B test');
    const points = async (index: number, of: number) => {
      const seen: string[] = [];
      for await (const { schedule } of crashEverywhere(among[0]!, { index, of }))
        seen.push(...schedule.incidents.map(describeIncident));
      return seen;
    };
    const shared = [...(await points(0, 2)), ...(await points(1, 2))];
    expect(shared.toSorted()).toEqual((await points(0, 1)).toSorted());
  });

  it('meets every kind of incident', async () => {
    const { happened } = await explore({
      ...{ seed: 1, timeIsUp: allow(120), scenarios: named('gates', 'promotion by weights') },
      crashPoints: false,
    });
    expect(Object.entries(happened).filter(([, times]) => times === 0)).toEqual([]);
    expect(Object.keys(happened).toSorted()).toEqual(kinds.toSorted());
  });
});
