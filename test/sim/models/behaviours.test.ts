import { answering, Behaviours } from '../../../lib/sim/models/behaviours.js';
import { host, release } from '../podinfo.js';
import { initialized } from '../stage.js';

const of = (behaviour: object) => {
  const behaviours = new Behaviours();
  behaviours.set('app:2', behaviour);
  return behaviours.of('app:2');
};
const errorShare = (behaviour: object, request: object = {}, ageMs = 0) =>
  answering(of(behaviour), { path: '/', ...request }, ageMs).statuses[1]!.share;

describe('the behaviour of a version', () => {
  it('may be bad under a path or a header only', () => {
    expect(errorShare({ errorRate: 0.5, path: '/api' }, { path: '/api/x' })).toBe(0.5);
    expect(errorShare({ errorRate: 0.5, path: '/api' }, { path: '/' })).toBe(0);
    const insiders = { errorRate: 0.5, headers: { 'X-Canary': 'insider' } };
    expect(errorShare(insiders, { headers: { 'x-canary': 'insider' } })).toBe(0.5);
    expect(errorShare(insiders)).toBe(0);
  });

  it('may get worse with time', () => {
    const degrading = { errorRate: 0.4, medianMs: 408, degradesOverMs: 60_000 };
    expect(errorShare(degrading, {}, 0)).toBe(0);
    expect(errorShare(degrading, {}, 30_000)).toBeCloseTo(0.2);
    expect(errorShare(degrading, {}, 600_000)).toBeCloseTo(0.4);
    expect(answering(of(degrading), { path: '/' }, 30_000).medianMs).toBeCloseTo(208);
  });
});

describe('a version that runs out of memory', () => {
  it('is not ready while its container is started anew, and its counters begin at 0', async () => {
    const world = await initialized({}, { webhooks: [] });
    world.behave(release('6.9.1'), { livesMs: 20_000 });
    world.setImage('test', 'podinfo', release('6.9.1'));
    const ready = () =>
      world.route({ host, path: '/' }).some(({ pods }) => pods[0]?.image === release('6.9.1'));
    expect(await world.clock.runUntil(ready, 60_000)).toBe(true);
    expect(await world.clock.runUntil(() => !ready(), 25_000)).toBe(true);
    expect(await world.clock.runUntil(ready, 14_000)).toBe(true);
  });
});

describe('scraping', () => {
  const total = 'sum(nginx_ingress_controller_requests)';

  it('shows samples after the delay of the pipeline', async () => {
    const world = await initialized({ scrapeDelayMs: 30_000 }, { webhooks: [] });
    const prompt = await initialized({}, { webhooks: [] });
    await world.clock.advance(60_000);
    await prompt.clock.advance(60_000);
    expect(world.query(total)).toBeLessThan(prompt.query(total)! - 500);
  });

  it('has gaps, and counters that begin anew', async () => {
    const start = Date.UTC(2026, 0, 1);
    const gap = { fromMs: start + 60_000, toMs: start + 600_000 };
    const world = await initialized({ scrapeGaps: [gap] }, { webhooks: [] });
    await world.clock.advanceTo(gap.toMs - 1000);
    expect(world.query(total)).toBeUndefined();
    await world.clock.advance(10_000);
    world.restartRouter();
    await world.clock.advance(10_000);
    expect(world.query(total)).toBeLessThan(250);
  });
});
