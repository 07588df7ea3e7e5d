import type { WorldPorts } from '../../lib/sim/controller.js';
import { explore } from './exploration.js';
import { invariants } from './invariants.js';
import { scenarios } from './scenarios.js';

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
    expect(report.states).toBeGreaterThan(20);
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

  it('tries the same schedules, and sees the same, with the same seed', async () => {
    const once = () => explore({ seed: 7, timeIsUp: allow(12), crashPoints: false });
    expect(JSON.stringify(await once())).toBe(JSON.stringify(await once()));
  });

  it('holds twelve invariants or more, each with a sentence of its own', () => {
    const sentences = invariants.map(({ sentence }) => sentence);
    expect(new Set(sentences).size).toBe(sentences.length);
    expect(sentences.length).toBeGreaterThanOrEqual(12);
  });
});
