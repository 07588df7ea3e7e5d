import { faulty, operators, type SimulationOptions, simulate, slow, traffic } from 'perch/testing';
import 'perch/testing/jest';
import { Match, Routing, Strategy } from '../../lib/index.js';
import { HttpProxies } from '../../lib/routers/contour/kinds.js';
import type { Destination } from '../../lib/sim/models/routing.js';
import type { World } from '../../lib/sim/world.js';
import { type Case, factories, image, stack, variants } from './routerStacks.js';

const users = traffic.steady({ rps: 50 });
const all = Object.entries<Case>({ ...factories, ...variants });

const released = (given: Case, behaves = {}, options: SimulationOptions = {}, strategy?: Strategy) =>
  simulate(stack(given, strategy), options).release({ image: image('2'), behaves });

describe.each(all)('Routing.%s', (_, given) => {
  it('has a healthy version promoted', async () => {
    const rollout = await released(given);
    expect(rollout).toHavePromoted();
    expect(rollout.requests).toBeGreaterThan(0);
    expect(rollout.failedRequests).toBe(0);
  });

  it('has a version rolled back that answers with errors', async () => {
    expect(await released(given, faulty({ errorRate: 0.3 }))).toHaveRolledBack({ because: 'success' });
  });

  it('has a version rolled back that answers late', async () => {
    expect(await released(given, slow({ median: '900ms' }))).toHaveRolledBack({ because: 'duration' });
  });
});

const weighted = all.filter(([, { routing }]) => routing.capabilities.weights);

test.each(weighted)('Routing.%s lets as many requests meet a version as its routes say', async (_, given) => {
  const shares: number[] = [];
  const counts: { readonly own: number; readonly all: number }[] = [];
  const look = (atWeight: number) =>
    operators.act('somebody looks', { atWeight }, (world, { entrance }) => {
      shares.push(shareOfNew(world.route({ path: '/', ...entrance })));
      counts.push(answered(world));
    });
  const meanwhile = [look(20), look(30)];
  await simulate(stack(given), { traffic: users }).release({ image: image('2'), meanwhile });
  expect(shares).toEqual([20, 30]);
  const [before, after] = counts;
  expect((after!.own - before!.own) / (after!.all - before!.all)).toBeCloseTo(0.2, 1);
});

/** Percent. */
function shareOfNew(destinations: readonly Destination[]): number {
  const those = destinations.filter(({ pods }) => pods.some((pod) => pod.image === image('2')));
  return Math.round(100 * those.reduce((sum, { share }) => sum + share, 0));
}

function answered(world: World) {
  const sum = [...world.tally().values()].reduce((total, { userRequests }) => total + userRequests, 0);
  return { own: world.tally().get(image('2'))?.userRequests ?? 0, all: sum };
}

const choosing = all.filter(([, { routing }]) => routing.capabilities.abTest);

test.each(choosing)('Routing.%s sends those alone whom an A/B test chooses', async (_, given) => {
  const match = [Match.header('X-Canary', { exact: 'insider' }), Match.cookie('canary')];
  const strategy = Strategy.abTest({ iterations: 3, match });
  const headers = { 'X-Canary': 'insider' };
  // App Mesh takes those alone whom all matches choose
  const insiders = traffic.all(
    traffic.steady({ rps: 5, headers, cookies: { theme: 'dark', canary: 'always' } }),
    traffic.steady({ rps: 5, headers }),
  );
  const options = { traffic: traffic.all(users, insiders) };
  const rollout = await released(given, {}, options, strategy);
  expect(rollout).toHavePromoted();
  expect(rollout).toHaveExposed({ percent: 100 * (10 / 60) });
  expect(rollout.exposedRequests).toBeGreaterThan(5 * 100);
  const bad = await released(given, faulty({ errorRate: 0.5 }), options, strategy);
  expect(bad).toHaveRolledBack({ because: 'success' });
});

test('Contour says of an HTTPProxy that it has taken it, so that one of the user’s is taken over', async () => {
  const key = { namespace: 'shop', name: 'web' };
  const own = {
    apiVersion: 'projectcontour.io/v1',
    kind: 'HTTPProxy',
    metadata: key,
    spec: { routes: [{ services: [{ name: 'web', port: 80 }] }] },
  };
  const simulation = simulate(stack({ ...factories.contour, beside: [own] }), { traffic: users });
  expect(await simulation.release({ image: image('2') })).toHavePromoted();
  const { status } = (await simulation.world()).read(HttpProxies, key)!;
  expect(status).toMatchObject({ conditions: [{ type: 'Valid', status: 'True' }] });
});

test('a load test that asks the router of the stack for the host is enough to judge by', async () => {
  const routing = Routing.contour({ address: 'http://envoy.projectcontour' });
  expect(await released({ routing }, {}, { traffic: traffic.none() })).toHavePromoted();
});
