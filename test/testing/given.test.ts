import { App, Chart } from 'cdk8s';
import { PerchError } from '../../lib/api/errors.js';
import {
  degrading,
  faults,
  faulty,
  hooks,
  matchers,
  operators,
  outOfMemory,
  type Release,
  type Rollout,
  type SimulationOptions,
  simulate,
  slow,
  traffic,
} from '../../lib/testing/index.js';
import { podinfo, release } from '../sim/podinfo.js';

const image = release('6.9.1');

async function refusalOf(act: () => unknown): Promise<string> {
  try {
    await act();
  } catch (error) {
    expect(error).toBeInstanceOf(PerchError);
    return String(error);
  }
  return 'none';
}

const simulated = (options: object, how: object = {}) =>
  simulate(podinfo('6.9.0'), options as SimulationOptions).release({ image, ...how } as Release);

describe('what a simulation is told', () => {
  it.each<[string, () => unknown, string]>([
    ['an option that is misspelt', () => simulated({ trafic: traffic.none() }), 'write traffic'],
    ['an option of a release that is misspelt', () => simulated({}, { behave: {} }), 'write behaves'],
    ['an option of metrics', () => simulated({ metrics: { scrape: '5s' } }), 'write scrapeInterval'],
    ['an option of traffic', () => traffic.steady({ rps: 1, hots: '' } as never), 'write host'],
    [
      'a negative rate',
      () => traffic.steady({ rps: -5 }),
      'traffic.steady.rps: expected a number, 0 or more',
    ],
    ['no rate', () => traffic.steady({} as never), 'got nothing'],
    ['a rate that is no number', () => traffic.steady({ rps: Number.NaN }), 'got NaN'],
    ['a wave upside down', () => traffic.wave({ rps: 5, lowest: 50 }), 'from 0 to 5, got 50'],
    ['bursts without an end', () => traffic.bursts({ rps: 5, every: '1m', lasting: '2m' }), 'no more than'],
    ['traffic that is none', () => simulated({ traffic: { rps: 5 } }), 'write traffic.steady'],
    [
      'users of an unknown host',
      () => simulated({ traffic: traffic.steady({ rps: 1, host: 'x.test' }) }),
      'x.test',
    ],
    [
      'one operator for a list',
      () => simulated({}, { meanwhile: operators.pause({ atWeight: 5 }) }),
      'a list',
    ],
    [
      'one hook for a list',
      () => simulated({ hooks: hooks.gate('http://a', { opens: '1m' }) }),
      'in brackets',
    ],
    ['a fault that says nothing', () => faulty(undefined as never), 'an object with'],
    ['a delay that says nothing', () => slow(undefined as never), 'an object with median'],
    ['percent for a share', () => faulty({ errorRate: 5 }), 'write a share: 0.05 is 5 %'],
    ['a duration in words', () => slow({ median: '3 minutes' }), 'without spaces'],
    [
      'a tail before the middle',
      () => slow({ median: '1s', p99: '10ms' }),
      'no less than the median, 1000ms',
    ],
    ['a path without a slash', () => faulty({ errorRate: 1, path: 'cart' }), 'write /cart'],
    ['a time of nothing', () => degrading(faulty({ errorRate: 1 }), { over: '0s' }), 'above 0s'],
    ['a life of nothing', () => outOfMemory({ after: '0s' }), 'outOfMemory.after'],
    ['a behaviour that is none', () => simulated({}, { behaves: 'faulty' }), 'release.behaves'],
    ['a health that is none', () => simulated({}, { behaves: { health: 'ill' } }), 'crashLoop, got "ill"'],
    ['no image', () => simulated({}, { image: undefined }), 'release.image'],
    ['the image that is there', () => simulated({}, { image: release('6.9.0') }), 'name another tag'],
    [
      'a scrape interval of nothing',
      () => simulated({ metrics: { scrapeInterval: '0s' } }),
      'scrapeInterval',
    ],
    ['a gap without an end', () => simulated({ metrics: { gaps: [{ from: '1m' }] } }), 'gaps[0].lasting'],
    ['a seed that is an object', () => simulated({ seed: {} }), 'take the seed that a timeline prints'],
    ['a share of faults', () => faults.refuseWrites({ share: 5 }), 'from 0 to 1, got 5'],
    [
      'a fault’s status',
      () => faults.refuseWrites({ share: 1, statuses: [418 as 409] }),
      '409, 429, 500, 503',
    ],
    ['a weight beyond all', () => operators.pause({ atWeight: 200 }), 'from 0 to 100, got 200'],
    ['no moment', () => operators.pause({} as never), 'atWeight: 20'],
    ['a gate’s time', () => hooks.gate('http://gate', { opens: 'never' }), 'hooks.gate.opens'],
    ['a hook’s status', () => hooks.answer('http://hook', { status: 1 }), 'hooks.answer.status'],
    ['a span backwards', () => simulate(podinfo('6.9.0')).wait('-2m'), '0s or more, got "-2m"'],
  ])('is refused with what was expected and what to do: %s', async (_, act, words) => {
    expect(await refusalOf(act)).toContain(words);
  });
});

describe('a source', () => {
  it.each<[string, () => unknown, string]>([
    ['that is nothing', () => simulate(undefined as never).release({ image }), 'a cdk8s App or Chart'],
    ['that is a path', () => simulate('main.yaml').release({ image }), 'give the text of the file'],
    ['that is empty', () => simulate(new Chart(new App(), 'x')).release({ image }), 'NOTHING_DECLARED'],
    [
      'of another name',
      () => simulate(podinfo('6.9.0'), { canary: 'x' }).release({ image }),
      'found podinfo',
    ],
    [
      'with a DaemonSet',
      () =>
        simulate(changed({ targetRef: { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'x' } })).release({
          image,
        }),
      'a Deployment, the one target',
    ],
    [
      'that an API server refuses',
      () => simulate(changed({ service: { port: '80' } })).release({ image }),
      'Canary/test/podinfo: expected an object that an API server accepts',
    ],
    [
      'with a misspelt kind',
      () => simulate([...podinfo('6.9.0'), { ...foreign, apiVersion: 'apps/v1' }]).release({ image }),
      'SIM_UNKNOWN_KIND',
    ],
  ])('%s is refused in words', async (_, act, words) => {
    expect(await refusalOf(act)).toContain(words);
  });

  it('may hold objects of kinds that others define', async () => {
    const rollout = await simulate([...podinfo('6.9.0'), foreign]).release({ image });
    expect(rollout.outcome).toBe('promoted');
  });
});

const foreign = {
  apiVersion: 'monitoring.example.com/v1',
  kind: 'Monitor',
  metadata: { name: 'web', namespace: 'test' },
};

function changed(fields: object): object[] {
  return podinfo('6.9.0').map((object) =>
    object.kind === 'Canary'
      ? { ...object, spec: { ...(object as { spec?: object }).spec, ...fields } }
      : object,
  );
}

describe('a matcher', () => {
  const rollout = { timeline: 'as it went', outcome: 'promoted', durationMs: 1 } as Rollout;

  it.each<[string, () => unknown, string]>([
    ['something else', () => matchers.toHavePromoted('x' as never), 'a rollout, as'],
    ['a promise', () => matchers.toHavePromoted(Promise.resolve(rollout) as never), 'after an await'],
    ['a misspelt bound', () => matchers.toHaveRolledBack(rollout, { withn: '3m' } as never), 'write within'],
    [
      'a time in words',
      () => matchers.toHavePromoted(rollout, { within: '3 minutes' }),
      'toHavePromoted.within',
    ],
    ['no bound to exposure', () => matchers.toHaveExposed(rollout, {}), 'write { requests: 100 }'],
    ['more than all', () => matchers.toHaveExposed(rollout, { percent: 120 }), 'from 0 to 100'],
  ])('refuses %s', async (_, act, words) => {
    expect(await refusalOf(act)).toContain(words);
  });
});

it('the stack of an error has its place and its remedy, since test runners print nothing else', () => {
  const error = new PerchError({
    code: 'A_CODE',
    message: 'expected a, got b',
    remedy: 'write a',
    path: 'x.y',
  });
  const [first, second, third] = error.stack!.split('\n');
  expect(first).toBe('PerchError: x.y: expected a, got b');
  expect(second).toBe('  remedy: write a [A_CODE]');
  expect(third).toMatch(/^ {4}at /);
});
