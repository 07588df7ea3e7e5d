import { faulty, type Rollout, type SimulationOptions, simulate, slow, traffic } from 'perch/testing';
import 'perch/testing/jest';
import { podinfo, release } from '../sim/podinfo.js';

const next = release('6.9.1');
const users = traffic.steady({ rps: 50 });
const errors = (percent: number) => faulty({ errorRate: percent / 100 });
const everyBit = { stepWeight: 10, maxWeight: 10, interval: '30m' };

function releases(metric: object, analysis: object, options: SimulationOptions = {}) {
  const metrics = [{ interval: '1m', onNoData: 'wait', ...metric }];
  const source = podinfo('6.9.0', { webhooks: [], ...analysis, metrics });
  const simulation = simulate(source, { traffic: users, behaves: errors(0.1), ...options });
  return (behaves: object): Promise<Rollout> => simulation.release({ image: next, behaves });
}

const comparing = { name: 'request-success-rate', comparison: {} };
const seeds = [1, 2, 3, 4, 5, 6];

describe('a comparison with the primary', () => {
  it('catches a regression that no threshold sees, within half an hour', async () => {
    for (const seed of seeds) {
      const rollout = await releases(comparing, everyBit, { seed })(errors(0.5));
      expect(rollout).toHaveRolledBack({ within: '30m', because: /worse than the primary's/ });
    }
    const fixed = { name: 'request-success-rate', thresholdRange: { min: 99 } };
    const rollout = await releases(fixed, { stepWeight: 10, maxWeight: 50, interval: '6m' })(errors(0.5));
    expect(rollout).toHavePromoted({});
  });

  it('catches many errors within a minute and a half, however long the interval', async () => {
    for (const seed of seeds) {
      const rollout = await releases(comparing, everyBit, { seed })(errors(5));
      expect(rollout).toHaveRolledBack({ within: '90s', because: /requests failed/ });
    }
  });

  it('does not roll a healthy release back that a threshold would', async () => {
    const steps = { stepWeight: 10, maxWeight: 50, interval: '2m' };
    for (const seed of seeds) {
      const options = { seed, behaves: errors(1.2) };
      expect(await releases(comparing, steps, options)(errors(1.2))).toHavePromoted({});
    }
    const fixed = { name: 'request-success-rate', thresholdRange: { min: 99 } };
    const rollout = await releases(fixed, steps, { behaves: errors(1.2) })(errors(1.2));
    expect(rollout).toHaveRolledBack({ because: /success rate/ });
  });

  it('is undecided without traffic, and no longer waited for than the progress deadline', async () => {
    const rollout = await releases(comparing, everyBit, { traffic: traffic.none() })(errors(0.1));
    expect(rollout).toHaveRolledBack({ because: /no values found .*request-success-rate for 60s/ });
  });

  it('finds a version slower, by every bucket or by one', async () => {
    const slower = slow({ median: '60ms' });
    for (const comparison of [{}, { slowerThan: 20 }]) {
      const metric = { name: 'request-duration', comparison };
      const rollout = await releases(metric, everyBit)(slower);
      expect(rollout).toHaveRolledBack({ within: '1m', because: /took longer than 25ms/ });
      expect(await releases(metric, { stepWeight: 10, maxWeight: 50 })(errors(0.1))).toHavePromoted({});
    }
  });
});

describe('a comparison by MetricTemplates', () => {
  const template = (name: string, more: string) => ({
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name, namespace: 'test' },
    spec: {
      provider: { type: 'prometheus', address: 'http://prometheus.monitoring:9090' },
      query: `sum(increase(http_request_duration_seconds_count{kubernetes_namespace="{{ namespace }}",kubernetes_pod_name=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"${more}}[{{ interval }}]))`,
    },
  });
  const metric = {
    name: 'not-found',
    comparison: { requests: { name: 'requests' }, bad: { name: 'bad' } },
  };
  const source = (analysis: object = {}) => [
    ...podinfo('6.9.0', { webhooks: [], interval: '1m', ...analysis, metrics: [metric] }),
    template('requests', ''),
    template('bad', ',status="500"'),
  ];

  it('asks for the canary, and for the primary in its place', async () => {
    const options = { traffic: users, behaves: errors(1) };
    const bad = await simulate(source(), options).release({ image: next, behaves: errors(10) });
    expect(bad).toHaveRolledBack({ because: /not-found worse than the primary's .* requests were bad/ });
    expect(await simulate(source(), options).release({ image: next, behaves: errors(1) })).toHavePromoted({});
  });

  it('says which template is not there', async () => {
    const missing = source().slice(0, -1);
    const rollout = await simulate(missing, { traffic: users }).release({ image: next });
    expect(rollout).toHaveRolledBack({ because: /failed checks threshold reached/ });
    expect(rollout.timeline).toMatch(/Metric template bad\.test error: .* not found; correct the name/);
  });
});
