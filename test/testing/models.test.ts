import {
  crashLooping,
  faulty,
  healthy,
  hooks,
  incidents,
  operators,
  type Release,
  type Rollout,
  type SimulationOptions,
  simulate,
  slow,
  traffic,
} from '../../lib/testing/index.js';
import '../../lib/testing/jest.js';
import { podinfo, release } from '../sim/podinfo.js';

const gate = { name: 'smoke', type: 'rollout', url: 'http://hooks.test/smoke' };
const image = release('6.9.1');
const beta = { 'x-beta': 'yes' };
const plain = traffic.steady({ rps: 20 });
const some = traffic.all(plain, traffic.steady({ rps: 5, headers: beta }));

function play(
  options: SimulationOptions,
  how: Partial<Release> = {},
  webhooks: object[] = [],
): Promise<Rollout> {
  return simulate(podinfo('6.9.0', { webhooks }), { traffic: plain, ...options }).release({ image, ...how });
}

describe('a version', () => {
  it('whose container exits over and over is rolled back at the deadline', async () => {
    expect(await play({}, { behaves: crashLooping() })).toHaveRolledBack({ because: 'not ready' });
  });

  it('that starts slowly is waited for', async () => {
    const rollout = await play({}, { behaves: healthy({ startsIn: '40s' }) });
    expect(rollout).toHavePromoted();
    expect(rollout.durationMs).toBeGreaterThan(80_000);
  });

  it.each([
    ['under a path', { path: '/cart' }, traffic.all(plain, traffic.steady({ rps: 5, path: '/cart' }))],
    ['for requests with a header', { headers: beta }, some],
  ])('that fails only %s is caught by those who ask so, and by nobody else', async (_, where, users) => {
    const behaves = faulty({ errorRate: 1, ...where });
    expect(await play({}, { behaves })).toHavePromoted();
    expect(await play({ traffic: users }, { behaves })).toHaveRolledBack({ because: 'success rate' });
  });

  it.each([
    ['as people write it', 'X-Beta', 'X-Beta'],
    ['by its users alone in capitals', 'x-beta', 'X-BETA'],
    ['by its fault alone in capitals', 'X-Beta', 'x-beta'],
  ])('that fails for requests with a header does so however the header is written: %s', async (_, of, by) => {
    const users = traffic.all(plain, traffic.steady({ rps: 5, headers: { [by]: 'yes' } }));
    const behaves = faulty({ errorRate: 1, headers: { [of]: 'yes' } });
    expect(await play({ traffic: users }, { behaves })).toHaveRolledBack({ because: 'success rate' });
  });

  it('in an A/B test meets those who send its header, however that is written', async () => {
    const users = traffic.all(plain, traffic.steady({ rps: 5, headers: { 'X-Canary': 'insider' } }));
    const match = [{ headers: { 'X-Canary': { exact: 'insider' } } }];
    const analysis = { webhooks: [], iterations: 5, match, stepWeight: undefined, maxWeight: undefined };
    const objects = podinfo('6.9.0', analysis);
    const simulation = simulate(objects, { traffic: users });
    const behaves = faulty({ errorRate: 1 });
    expect(await simulation.release({ image, behaves })).toHaveRolledBack({ because: 'success rate' });
  });

  it('in an A/B test meets a load test that sends its header', async () => {
    const match = [{ headers: { 'X-Canary': { exact: 'insider' } } }];
    const cmd = "hey -z 1m -q 5 -c 2 -H 'X-Canary: insider' http://app.example.com/";
    const webhooks = [{ name: 'load', url: 'http://loadtester.test/', metadata: { cmd } }];
    const analysis = { webhooks, iterations: 5, match, stepWeight: undefined, maxWeight: undefined };
    const simulation = simulate(podinfo('6.9.0', analysis), { traffic: plain });
    expect(await simulation.release({ image })).toHavePromoted();
  });

  it('is judged by the tail of its latency, not by its middle', async () => {
    const tail = slow({ median: '20ms', p99: '2s' });
    expect(await play({}, { behaves: tail })).toHaveRolledBack({ because: 'latency' });
    expect(await play({}, { behaves: slow({ median: '20ms', p99: '60ms' }) })).toHavePromoted();
  });
});

describe('users', () => {
  it('who do not come leave nothing to judge by', async () => {
    expect(await play({ traffic: traffic.none() })).toHaveRolledBack({ because: 'no values' });
  });

  it.each([
    ['in waves', traffic.wave({ rps: 40, lowest: 5 })],
    ['in bursts', traffic.bursts({ rps: 60, every: '20s', lasting: '10s' })],
  ])('who come %s are enough', async (_, users) => {
    expect(await play({ traffic: users })).toHavePromoted();
  });
});

describe('metrics', () => {
  it('that come late are missed by the first checks', async () => {
    const rollout = await play({ metrics: { scrapeInterval: '5s', delay: '15s' } });
    expect(rollout.reasons.join()).toContain('no values');
    expect(rollout).toHavePromoted();
  });

  it('whose counters begin anew in the middle of a run change nothing', async () => {
    const meanwhile = [
      incidents.routerRestarts({ atWeight: 20 }),
      incidents.routerRestarts({ atWeight: 40 }),
    ];
    expect(await play({}, { meanwhile })).toHavePromoted();
  });
});

describe('hooks and people', () => {
  it('a hook that refuses rolls back, one that hangs counts as refusing', async () => {
    const refused = await play({ hooks: [hooks.answer(gate.url, { status: 500 })] }, {}, [gate]);
    expect(refused).toHaveRolledBack({ because: 'smoke' });
    const hung = await play({ hooks: [hooks.answer(gate.url, { status: 200, after: '1h' })] }, {}, [gate]);
    expect(hung).toHaveRolledBack({ because: 'smoke' });
  });

  it('slow hooks take nothing of the time that the primary has to become ready', async () => {
    const slowly = ['a', 'b', 'c'].map((name) => ({ ...gate, name, timeout: '30s' }));
    const rollout = await play(
      { hooks: [hooks.answer(gate.url, { status: 200, after: '25s' })] },
      { behaves: healthy({ startsIn: '15s' }) },
      slowly,
    );
    expect(rollout).toHavePromoted();
  });

  it('somebody may promote before the analysis is over', async () => {
    const whole = await play({});
    const hurried = await play({}, { meanwhile: [operators.promote({ atWeight: 20, full: true })] });
    expect(hurried).toHavePromoted();
    expect(hurried.durationMs).toBeLessThan(whole.durationMs);
  });

  it('whoever acts is in the timeline, and so is whose moment never came', async () => {
    const broken = operators.act('the version goes bad', { atWeight: 30 }, (world) =>
      world.behave(image, { errorRate: 0.5 }),
    );
    const tooLate = operators.abort({ atWeight: 90 });
    const rollout = await play({}, { meanwhile: [broken, tooLate] });
    expect(rollout).toHaveRolledBack({ because: 'success rate' });
    expect(rollout.timeline).toMatch(/ 30 % +the version goes bad$/m);
    expect(rollout.timeline).toMatch(/somebody asks: abort: never, as its moment did not come$/m);
  });
});
