import type { Canary, CanarySpec } from '../../lib/api/canary.js';
import { type VirtualService, VirtualServices } from '../../lib/routers/istio/kinds.js';
import { generationsBelow } from '../../lib/routers/session/generations.js';
import { SeededRandom } from '../../lib/sim/random.js';
import fc from '../property.js';
import { gatewayBench, gatewayCanary } from './gatewayBench.js';
import { meshBench } from './meshBench.js';
import { Client, type Draw, evenly, rulesOfRoute, rulesOfVirtualService } from './stickyClients.js';

const one = { cookieName: 'tester' };
const two = { cookieName: 'tester', primaryCookieName: 'user' };

const proxies = {
  'gatewayapi:v1': () => {
    const bench = gatewayBench();
    return { ...bench, rules: () => rulesOfRoute(bench.route()!) };
  },
  'gatewayapi:v1beta1': () => {
    const bench = gatewayBench('v1beta1');
    return { ...bench, rules: () => rulesOfRoute(bench.route()!) };
  },
  istio: () => {
    const bench = meshBench({ provider: 'istio', kind: VirtualServices, share: () => 0, meddle: () => {} });
    return { ...bench, rules: () => rulesOfVirtualService(bench.object() as unknown as VirtualService) };
  },
} as const;

interface Rollout {
  readonly proxy: keyof typeof proxies;
  readonly analysis: Partial<CanarySpec['analysis']>;
  readonly weights: readonly number[];
  readonly draw: Draw;
  /** Of 500 clients, those who are replaced by new ones before each step. */
  readonly leaving?: number;
  /** Who sends requests at a step. */
  readonly present?: (client: number, step: number) => boolean;
}

/** Percent of 10,000 requests of 500 clients that the canary gets at each step, and who went back from it. */
async function rollOut({ proxy, analysis, weights, draw, leaving = 0, present = () => true }: Rollout) {
  const bench = proxies[proxy]();
  const base = gatewayCanary(analysis);
  const cookies = { sessionAffinityCookie: 'tester=abcdefghij' };
  const primary = `${analysis.sessionAffinity?.primaryCookieName ?? 'tester'}=zyxwvutsrq`;
  const status = { ...cookies, primarySessionAffinityCookie: primary };
  const canary: Canary = { ...base, spec: { ...base.spec, provider: proxy }, status };
  const clients = Array.from({ length: 500 }, () => new Client());
  const seen = new Set<Client>();
  const shares: number[] = [];
  let strayed = 0;
  for (const [step, weight] of weights.entries()) {
    for (let index = 0; index < leaving; index++) clients[(step * leaving + index) % 500] = new Client();
    await bench.router.sync(canary, { primary: 100 - weight, canary: weight, mirrored: false });
    const rules = bench.rules();
    const asking = clients.filter((_, index) => present(index, step));
    let got = 0;
    for (let index = 0; index < 10_000; index++) {
      const client = asking[index % asking.length]!;
      const onCanary = client.ask(rules, draw) === 'podinfo-canary';
      if (onCanary) seen.add(client);
      else if (seen.has(client)) strayed++;
      got += onCanary ? 1 : 0;
    }
    shares.push(got / 100);
  }
  return { shares, strayed };
}

const steps = [10, 20, 30, 40, 50];

function byChance(seed: number): Draw {
  const random = new SeededRandom(seed);
  return () => random.next();
}

describe.each(Object.keys(proxies) as (keyof typeof proxies)[])('%s', (proxy) => {
  test.each([
    ['one cookie', one],
    ['two cookies', two],
  ])('the share of 500 clients stays within 2 points of the weight at every step, by %s', async (_, by) => {
    const analysis = { stepWeight: 10, sessionAffinity: by };
    const { shares, strayed } = await rollOut({ proxy, analysis, weights: steps, draw: evenly() });
    shares.forEach((share, step) => {
      expect(Math.abs(share - steps[step]!)).toBeLessThanOrEqual(2);
    });
    expect(strayed).toBe(0);
  });

  test('a proxy that shares out by chance is off by what the draw of 500 clients is, and to neither side', async () => {
    const runs = 15;
    const sums = steps.map(() => 0);
    for (let seed = 1; seed <= runs; seed++) {
      const analysis = { stepWeight: 10, sessionAffinity: one };
      const { shares } = await rollOut({ proxy, analysis, weights: steps, draw: byChance(seed) });
      shares.forEach((share, step) => {
        const deviation = 100 * Math.sqrt((steps[step]! * (100 - steps[step]!)) / 10_000 / 500);
        expect(Math.abs(share - steps[step]!)).toBeLessThan(4.5 * deviation);
        sums[step] = sums[step]! + share - steps[step]!;
      });
    }
    for (const sum of sums) expect(Math.abs(sum / runs)).toBeLessThan(2);
  });

  test('in a second run requests are copied, whether they bear the cookie of the first one or none', async () => {
    const bench = proxies[proxy]();
    const { spec, ...rest } = gatewayCanary({ mirror: true, sessionAffinity: one });
    const status = { previousSessionAffinityCookie: 'tester=abcdefghij' };
    const canary: Canary = { ...rest, spec: { ...spec, provider: proxy }, status };
    const mirrored = { primary: 100, canary: 0, mirrored: true };
    await bench.router.sync(canary, mirrored);
    const copied = bench
      .rules()
      .map(({ pattern, copiedTo }) => [pattern?.test('tester=abcdefghij'), copiedTo]);
    expect(copied).toEqual([
      [true, 'podinfo-canary'],
      [undefined, 'podinfo-canary'],
    ]);
    expect(await bench.router.sync(canary, mirrored)).toEqual({ found: mirrored, changed: false });
  });
});

test('whatever the steps, and whoever comes, goes or stays away for some of them, the share is the weight', async () => {
  const plan = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      plan,
      fc.integer({ min: 0, max: 100 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (listed, leaving, away, pair) => {
        const weights = listed.toSorted((a, b) => a - b);
        const analysis = {
          stepWeight: undefined,
          stepWeights: weights,
          sessionAffinity: pair ? two : one,
        };
        const present = (client: number, step: number) => (client + step) % (away + 4) !== 0;
        const rollout = { proxy: 'gatewayapi:v1', analysis, weights, leaving, present } as const;
        const { shares, strayed } = await rollOut({ ...rollout, draw: evenly() });
        shares.forEach((share, step) => {
          expect(Math.abs(share - weights[step]!)).toBeLessThanOrEqual(4);
        });
        expect(strayed).toBe(0);
      },
    ),
    { numRuns: 25 },
  );
});

test('a step that is checked again moves nobody', async () => {
  const analysis = { stepWeight: 10, sessionAffinity: one };
  const weights = [10, 10, 10, 10, 20, 20, 20];
  const { shares } = await rollOut({ proxy: 'gatewayapi:v1', analysis, weights, draw: evenly() });
  expect(new Set(shares.slice(1, 4))).toEqual(new Set([shares[1]]));
  expect(Math.abs(shares.at(-1)! - 20)).toBeLessThanOrEqual(2);
});

test('a route has never more than 16 rules and 128 matches', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 100 }),
      (stepWeight, matches, weight) => {
        const match = Array.from({ length: matches }, () => ({}));
        const { spec } = gatewayCanary({ stepWeight }, { match });
        const generations = generationsBelow(weight, spec);
        const expected = Array.from({ length: 99 }, (_, index) => (index + 1) * stepWeight);
        expect(generations.flat()).toEqual(expected.filter((step) => step < weight));
        expect(generations.length + 3).toBeLessThanOrEqual(16);
        expect((generations.length + 3) * Math.max(1, matches)).toBeLessThanOrEqual(128);
      },
    ),
  );
});
