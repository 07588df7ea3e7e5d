import { Canaries } from '../../lib/api/canary.js';
import { type Ingress, Ingresses } from '../../lib/api/workloads.js';
import { namespace } from '../sim/podinfo.js';
import { control, declared, given, hook } from './scene.js';

/*
 * What Flagger 1.44 does wrong and perch does right: the rows of "Behaviour" in docs/flagger-parity.md, and where else
 * each is shown.
 *
 *  1 adoption starts nothing: adoption.test.ts, apiServerFaults.test.ts
 *  2 a failed revision is tried again: below, test/core/control
 *  3 steered at run time, with who and when: below, test/sim/control.test.ts
 *  4 no revision is swallowed, no edit resets weights, routes are put right: below, newRevision.test.ts
 *  5 failed promotions: newRevision.test.ts; failed runs: the properties of test/core
 *  6 no data is a third outcome, and is diagnosed: record.test.ts, test/sim/noData.test.ts, test/sim/diagnosis.test.ts
 *  7 nothing is stuck, nothing is silent: patience.test.ts, test/sim/deadlines.test.ts, test/engine/alerts.test.ts
 *  8 history and conditions: record.test.ts, test/core/chronicle
 *  9 events come after the act, never block, are not lost: hooks.test.ts, test/sim/announcements.test.ts, test/core/crash.test.ts
 * 10 deletion keeps production up: transitions.test.ts, test/sim/deletion.test.ts
 * 11 where Flagger's code and its documents differ: hooks.test.ts, transitions.test.ts, test/engine/alerts.test.ts, test/engine/hooks
 */

const key = { namespace, name: 'podinfo' };
const route = { namespace, name: 'podinfo-canary' };
const weight = 'nginx.ingress.kubernetes.io/canary-weight';

describe('taking over', () => {
  it('a canary of Flagger starts nothing, and the next revision is released as ever', async () => {
    const first = await given();
    await first.ground.stopController();
    const canary = await first.ground.cluster.get(Canaries, key);
    const hash = { lastAppliedSpec: '5498f4fcd6', lastPromotedSpec: '5498f4fcd6' };
    await first.ground.cluster.updateStatus(Canaries, { ...canary, status: { ...canary.status, ...hash } });
    await first.ground.startController();
    await first.ground.elapse(300_000);
    expect((await first.status()).phase).toBe('Initialized');
    expect(await first.replicas('podinfo')).toBe(0);
    await first.release('6.9.1');
    await first.reaches('Succeeded');
  });

  it('a run from a controller that is gone goes on where it was', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await scene.ground.stopController();
    await scene.ground.elapse(60_000);
    await scene.ground.startController();
    await scene.reaches('Succeeded');
    const { weights, said } = await scene.story();
    expect(weights).toEqual([0, 25, 50, 0]);
    expect(said.filter((text) => text.startsWith('New revision'))).toHaveLength(1);
  });
});

describe('a run that somebody interferes with', () => {
  it('keeps its weight when the canary is edited', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await scene.edit({ spec: { analysis: { threshold: 7 }, service: { portName: 'web' } } });
    await scene.ground.elapse(2_000);
    expect(scene.ground.users()).toEqual({ '6.9.0': 75, '6.9.1': 25 });
    await scene.reaches('Succeeded');
    expect((await scene.story()).weights).toEqual([0, 25, 50, 0]);
  });

  it('puts the route right and says so', async () => {
    const scene = await given({ analysis: { interval: '60s' } });
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    const patch = { metadata: { annotations: { [weight]: '90' } } };
    await scene.ground.cluster.patch(Ingresses, route, 'merge', patch);
    await scene.ground.elapse(2_000);
    expect(scene.ground.users()).toEqual({ '6.9.0': 75, '6.9.1': 25 });
    expect((await scene.story()).said.some((text) => text.includes('changed by somebody else'))).toBe(true);
  });

  it('leaves no share behind on an Ingress that the Canary names no longer', async () => {
    const ref = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'second' };
    const scene = await given({
      spec: { ingressRefs: [ref] },
      objects: (stack) => {
        const second = structuredClone(stack.find(({ kind }) => kind === 'Ingress')) as Ingress;
        second.metadata.name = ref.name;
        second.spec.rules![0]!.host = 'second.example.com';
        return [...stack.slice(0, -1), second, ...stack.slice(-1)];
      },
    });
    const left = async () => {
      const { metadata } = await scene.ground.cluster.get(Ingresses, { namespace, name: 'second-canary' });
      return metadata.annotations?.[weight];
    };
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    expect(await left()).toBe('25');
    await scene.edit({ spec: { ingressRefs: null } });
    await scene.ground.elapse(2_000);
    expect(await left()).toBe('0');
    expect(scene.ground.users()).toEqual({ '6.9.0': 75, '6.9.1': 25 });
  });

  it('sends nobody to the next revision by the header of an A/B test that was given up', async () => {
    const match = [{ headers: { 'x-canary': { exact: 'insider' } } }];
    const test = { iterations: 10, match, stepWeight: undefined, maxWeight: undefined };
    const webhooks = [hook('pre-rollout', 'gate/check')];
    const scene = await given({ analysis: { ...test, threshold: 9, webhooks } });
    await scene.ground.gate('gate/open');
    await scene.release('6.9.1');
    await scene.ground.until(async () => (await scene.status()).iterations === 2, 600_000);
    expect(scene.ground.users({ 'x-canary': 'insider' })).toEqual({ '6.9.1': 100 });
    await scene.edit({
      spec: { analysis: { iterations: null, match: null, stepWeight: 25, maxWeight: 50 } },
    });
    await scene.reaches('Succeeded');
    await scene.ground.gate('gate/close');
    await scene.release('6.9.2');
    await scene.ground.elapse(30_000);
    expect((await scene.status()).phase).toBe('Progressing');
    expect(scene.ground.users({ 'x-canary': 'insider' })).toEqual({ '6.9.1': 100 });
  });

  it('does not lose a revision that comes while the last one has just failed', async () => {
    const scene = await given({ analysis: { webhooks: [hook('pre-rollout', 'gate/halt')] } });
    await scene.release('6.9.1');
    await scene.reaches('Failed');
    await scene.release('6.9.2');
    await scene.reaches('Progressing');
    await scene.reaches('Failed');
    expect((await scene.story()).phases).toEqual(['Progressing', 'Failed']);
  });
});

describe('a release that somebody steers', () => {
  it('is held where it is, and goes on', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await control(scene, 'pause');
    await scene.ground.elapse(300_000);
    expect(scene.ground.users()).toEqual({ '6.9.0': 75, '6.9.1': 25 });
    await control(scene, 'resume');
    await scene.reaches('Succeeded');
  });

  it('is given up, and the same revision is tried again without another template', async () => {
    const scene = await given();
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await control(scene, 'abort', { reason: 'wrong build' });
    await scene.reaches('Failed');
    expect(scene.ground.users()).toEqual({ '6.9.0': 100 });
    await control(scene, 'retry');
    await scene.reaches('Succeeded');
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
  });

  it('is promoted without what remains of the analysis', async () => {
    const scene = await given({ analysis: { interval: '300s' } });
    await scene.release('6.9.1');
    await scene.reachesWeight(25);
    await control(scene, 'promote', { full: true });
    await scene.ground.elapse(60_000);
    expect((await scene.status()).phase).toBe('Succeeded');
    expect(await scene.image('podinfo-primary')).toBe('6.9.1');
  });
});

describe('what would hang in Flagger', () => {
  it('a maximum above 100 is refused by the API server where it would never be reached', async () => {
    await expect(declared({ analysis: { maxWeight: 150 } })).rejects.toThrow(
      'analysis.maxWeight: expected at most 100',
    );
  });

  it('a canary that asks for mirroring where nothing can mirror goes on without', async () => {
    const scene = await given({ analysis: { mirror: true } });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    expect((await scene.story()).weights).toEqual([0, 25, 50, 0]);
  });

  it('a maximum above 100 that was stored before promotes at 100', async () => {
    const scene = await given({
      spec: { provider: undefined },
      analysis: { stepWeight: 50, maxWeight: 150 },
    });
    await scene.release('6.9.1');
    await scene.reaches('Succeeded');
    expect((await scene.story()).weights).toEqual([0, 50, 100, 0]);
  });
});
