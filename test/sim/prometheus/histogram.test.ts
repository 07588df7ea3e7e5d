import { traffic } from '../../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../../lib/sim/world.js';
import fc from '../../property.js';
import { host, namespace, podinfo } from '../podinfo.js';

const minute = 60_000;
const slow = 'nginx_ingress_controller_response_duration_seconds';
const own = 'http_request_duration_seconds';
const questions = [
  `histogram_quantile(0.9, sum(rate(${slow}_bucket[1m])) by (le))`,
  `sum(${own}_count)`,
  `sum(rate(${own}_sum[5m]))`,
  `sum({__name__=~"${slow}_.*", le=~"0.01|"})`,
  'sum(nginx_ingress_controller_requests)',
];

function opened(): World {
  const world = createWorld({ traffic: traffic.steady({ rps: 20, host }), seed: 7 });
  const spec = { selector: { app: 'podinfo' }, ports: [{ port: 9898 }] };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'podinfo', namespace }, spec };
  world.apply([...podinfo('6.9.0'), service]);
  return world;
}

function answers(world: World): (number | undefined)[] {
  return questions.map((question) => world.query(question));
}

describe('a histogram of the virtual Prometheus', () => {
  it('tells the same whoever asked before, what and when', async () => {
    const asked = fc.array(
      fc.record({ afterMs: fc.integer({ min: 0, max: 20_000 }), question: fc.constantFrom(...questions) }),
      { maxLength: 12 },
    );
    const unasked = opened();
    await unasked.clock.advance(5 * minute);
    const expected = answers(unasked);
    expect(expected.every((value) => value !== undefined && value > 0)).toBe(true);
    await fc.assert(
      fc.asyncProperty(asked, async (looks) => {
        const world = opened();
        const end = world.clock.now() + 5 * minute;
        for (const { afterMs, question } of looks) {
          await world.clock.advance(afterMs);
          world.query(question);
        }
        await world.clock.advanceTo(end);
        expect(answers(world)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('counts each request once, in its last bucket as in its count', async () => {
    const world = opened();
    await world.clock.advance(5 * minute);
    const routed = world.query('sum(nginx_ingress_controller_requests{status="200"})')!;
    expect(world.query(`sum(${slow}_count)`)).toBe(routed);
    expect(world.query(`sum(${slow}_bucket{le="+Inf"})`)).toBe(routed);
    expect(world.query(`sum(${own}_count)`)).toBe(routed);
  });

  it('begins at 0 when the router does, and ends with its pod', async () => {
    const world = opened();
    await world.clock.advance(5 * minute);
    const before = world.query(`sum(${slow}_count)`)!;
    world.restartRouter();
    await world.clock.advance(minute);
    expect(world.query(`sum(${slow}_count)`)).toBeLessThan(before / 2);
    const pods = world.query(`count(${own}_count)`)!;
    world.setImage(namespace, 'podinfo', 'podinfo:6.9.1');
    await world.clock.advance(minute);
    expect(world.query(`count(${own}_count)`)).toBe(pods);
  });
});
