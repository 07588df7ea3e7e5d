import {
  degrading,
  faults,
  faulty,
  hooks,
  incidents,
  neverReady,
  operators,
  outOfMemory,
  type Rollout,
  simulate,
  slow,
  traffic,
} from 'perch/testing';
import fc from '../property.js';
import 'perch/testing/jest';
import { podinfo, release } from '../sim/podinfo.js';

const next = release('6.9.1');
const stack = (analysis: object = {}) => podinfo('6.9.0', { webhooks: [], ...analysis });
const users = traffic.steady({ rps: 50 });

const gate = {
  name: 'gate',
  type: 'confirm-promotion',
  url: 'http://approvals.example.com/check',
};

describe('simulate', () => {
  it('promotes a healthy version and tells it step by step', async () => {
    const rollout = await simulate(stack(), { traffic: users }).release({ image: next });
    expect(rollout).toHavePromoted({ within: '2m' });
    expect(rollout.weights).toEqual([0, 10, 20, 30, 40, 50, 0]);
    expect(rollout.failedRequests).toBe(0);
    expect(rollout.timeline).toMatch(
      /00:\d\d\.\d {2}Progressing +10 % {4}Advance podinfo\.test canary weight 10/,
    );
    expect(rollout.timeline).toMatch(/was promoted after 1m1s; .*\nseed: 1$/);
  });

  it('rolls a faulty version back, and says why, how soon, and who was hurt', async () => {
    const rollout = await simulate(stack(), { traffic: users }).release({
      image: next,
      behaves: faulty({ errorRate: 0.05 }),
    });
    expect(rollout).toHaveRolledBack({ within: '2m', because: /success rate/, failedRequestsAtMost: 40 });
    expect(rollout).toHaveExposed({ percent: 20 });
    expect(rollout.failedRequests).toBeGreaterThan(0);
  });

  it('rolls back what is slow, never ready, gets worse or runs out of memory', async () => {
    const release = (behaves: object) =>
      simulate(stack(), { traffic: users }).release({ image: next, behaves });
    expect(await release(slow({ median: '800ms' }))).toHaveRolledBack({ because: /latency/ });
    expect(await release(neverReady())).toHaveRolledBack({ because: /timed out|deadline|not ready/i });
    const worst = faulty({ errorRate: 0.5 });
    expect(await release(degrading(worst, { over: '2m' }))).toHaveRolledBack({ because: 'success rate' });
    const restarting = await release(outOfMemory({ after: '15s' }));
    expect(restarting.timeline).toMatch(/not ready: waiting for rollout to finish: 0 of 1/);
  });

  it('releases one version after the other on the same cluster', async () => {
    const simulation = simulate(stack(), { traffic: users });
    expect(await simulation.release({ image: next, behaves: faulty({ errorRate: 1 }) })).toHaveRolledBack();
    await simulation.wait('2m');
    expect(await simulation.release({ image: release('6.9.2') })).toHavePromoted();
  });

  it('waits for a gate, and for people', async () => {
    const held = { webhooks: [gate] };
    const closed = simulate(stack(held), { hooks: [hooks.gate(gate.url, { opens: '10m' })] });
    const rollout = await closed.release({ image: next });
    expect(rollout).toHavePromoted();
    expect(rollout.durationMs).toBeGreaterThan(9 * 60_000);
    const paused = await simulate(stack()).release({
      image: next,
      meanwhile: [operators.pause({ atWeight: 20 }), operators.resume({ after: '30m' })],
    });
    expect(paused).toHavePromoted();
    expect(paused.durationMs).toBeGreaterThan(30 * 60_000);
    const aborted = await simulate(stack()).release({
      image: next,
      meanwhile: [operators.abort({ atWeight: 30 })],
    });
    expect(aborted).toHaveRolledBack({ within: '1m' });
    const deleted = await simulate(stack()).release({
      image: next,
      meanwhile: [operators.delete({ atWeight: 10 })],
    });
    expect(deleted.outcome).toBe('deleted');
  });

  it('comes to the same end when the cluster misbehaves', async () => {
    const rollout = await simulate(stack(), {
      traffic: users,
      faults: [faults.refuseWrites({ share: 0.2 })],
    }).release({
      image: next,
      meanwhile: [incidents.apiServerRestarts({ atWeight: 20 }), incidents.routerRestarts({ atWeight: 30 })],
    });
    expect(rollout).toHavePromoted();
    expect(rollout.weights).toEqual([0, 10, 20, 30, 40, 50, 0]);
  });

  it('measures through the Prometheus that it is given', async () => {
    const blind = simulate(stack(), { metrics: { gaps: [{ from: '0s', lasting: '24h' }] } });
    expect(await blind.release({ image: next })).toHaveRolledBack({ because: /no values found/ });
  });

  it('takes YAML and needs no platform in it', async () => {
    const { stringify } = jest.requireActual<typeof import('yaml')>('yaml');
    const own = stack().filter(
      ({ kind, metadata }) =>
        kind !== 'Namespace' && kind !== 'CustomResourceDefinition' && metadata.name !== 'prometheus',
    );
    const text = own.map((object) => stringify(object)).join('---\n');
    expect(await simulate(text).release({ image: next })).toHavePromoted();
  });

  it('gives the same trace, byte for byte, with the same seed', async () => {
    const trace = (rollout: Rollout) => JSON.stringify(rollout);
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        async (seed, errorRate) => {
          const run = () =>
            simulate(stack(), {
              seed,
              traffic: users,
              faults: [faults.refuseWrites({ share: 0.1 })],
            }).release({
              image: next,
              behaves: faulty({ errorRate }),
            });
          expect(trace(await run())).toBe(trace(await run()));
        },
      ),
      { numRuns: 8 },
    );
  });

  it.each([
    ['TESTING_NOTHING_DECLARED', () => simulate([])],
    ['TESTING_YAML_UNREADABLE', () => simulate('a: [')],
    ['TESTING_STACK_INCOMPLETE', () => simulate(stack().filter(({ kind }) => kind !== 'Canary'))],
    ['TESTING_STACK_INCOMPLETE', () => simulate(stack(), { canary: 'other' })],
    [
      'TESTING_CANARY_AMBIGUOUS',
      () => simulate([...stack(), ...stack().filter(({ kind }) => kind === 'Canary')]),
    ],
    ['TESTING_NOT_INITIALIZED', () => simulate(stack(), { behaves: neverReady() })],
  ])('refuses what it cannot simulate: %s', async (code, simulation) => {
    await expect(simulation().release({ image: next })).rejects.toMatchObject({ code });
  });
});

describe('the matchers', () => {
  const slack = {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'AlertProvider',
    metadata: { name: 'slack', namespace: 'test' },
    spec: { type: 'slack', channel: 'releases', secretRef: { name: 'slack' } },
  };
  const told = [...stack({ alerts: [{ name: 'team', providerRef: { name: 'slack' } }] }), slack];

  it('hold for the alert that was sent, and not for one that was not', async () => {
    const rollout = await simulate(told).release({ image: next, behaves: faulty({ errorRate: 1 }) });
    expect(rollout).toHaveSent('Failed checks threshold reached 5');
    expect(rollout).toHaveSent(/^New revision detected/);
    expect(rollout).not.toHaveSent('promoted');
    expect(() => expect(rollout).not.toHaveSent(/threshold/)).toThrow(/expected the release not to send/);
  });

  it('hold for a release that met few, in number and in share', async () => {
    const rollout = await simulate(stack()).release({ image: next });
    expect(rollout).toHaveExposed({ requests: rollout.exposedRequests, percent: 30 });
    expect(() => expect(rollout).toHaveExposed({ percent: 1 })).toThrow(
      /expected at most 1 % of the requests/,
    );
    expect(rollout).not.toHaveExposed({ requests: 10 });
    expect(rollout).not.toHaveRolledBack();
  });

  it('show the timeline and the seed when they fail', async () => {
    const rollout = await simulate(stack(), { seed: 'x7' }).release({ image: next });
    expect(() => expect(rollout).toHaveRolledBack({ because: 'success rate' })).toThrow(
      /its outcome is promoted[\s\S]*Advance podinfo\.test canary weight 50[\s\S]*seed: "x7"/,
    );
    expect(() => expect(rollout).toHavePromoted({ within: '10s' })).toThrow(
      /expected it within 10s, it took 1m1\.04s/,
    );
    expect(() => expect(rollout).not.toHavePromoted()).toThrow(/expected the release not to be promoted/);
    expect(() => expect(rollout).toHaveExposed({ requests: 1 })).toThrow(/expected at most 1 requests/);
    expect(() => expect(rollout).toHaveSent('rolled')).toThrow(/expected an alert with rolled, sent: none/);
  });
});
