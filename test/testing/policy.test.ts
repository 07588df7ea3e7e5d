import type { Canary } from '../../lib/api/canary.js';
import { policyChart, policyJson, policyReport } from '../../lib/cli/simulateView.js';
import { type PolicyRow, tryPolicy, weakestPoint } from '../../lib/testing/policy.js';
import { podinfo, release } from '../sim/podinfo.js';

const row = (kind: string, healthy: boolean, rolledBack: number): PolicyRow => ({
  kind,
  healthy,
  rolledBack,
  errorRate: 0,
  runs: 10,
  failedRequests: 3,
  exposedRequests: 100,
});

describe('what a policy does', () => {
  it('is told by kind of release: healthy ones are promoted, gross faults caught, small ones not', async () => {
    let last = [0, 0];
    const objects = podinfo('6.9.0', { webhooks: [] });
    const onProgress = (...progress: [number, number]) => {
      last = progress;
    };
    const rows = await tryPolicy(objects, { image: release('6.9.1'), runs: 2, onProgress });
    const share = (kind: string) => rows.find((found) => found.kind === kind)?.rolledBack;
    expect([share('healthy'), share('50 % errors'), share('1000 ms in the median')]).toEqual([0, 1, 1]);
    expect(share('0.5 % errors')).toBeLessThan(1);
    expect(last).toEqual([22, 22]);
    expect(weakestPoint(rows, 20)).toMatch(/^At 20 requests a second, a release with .* errors is /);
  });

  it('is not tried with a router that is not simulated', async () => {
    const objects = podinfo();
    (objects.find(({ kind }) => kind === 'Canary') as Canary).spec.provider = 'knative';
    await expect(tryPolicy(objects, { image: release('6.9.1') })).rejects.toMatchObject({
      code: 'TESTING_NOT_SIMULATED',
    });
  });

  it('is summed up by its weakest point', () => {
    const good = [row('healthy', true, 0), row('1 % errors', false, 1)];
    expect(weakestPoint(good, 5)).toBe('At 5 requests a second, every fault above is caught.');
    const blind = [row('healthy', true, 0), row('1 % errors', false, 0), row('5 % errors', false, 1)];
    expect(weakestPoint(blind, 5)).toBe('At 5 requests a second, a release with 1 % errors is never caught.');
    const nervous = [row('healthy', true, 0.015), row('1 % errors', false, 1)];
    expect(weakestPoint(nervous, 5)).toBe(
      'At 5 requests a second, 1.5 % of healthy releases are rolled back.',
    );
  });

  it('is shown as a table, as a chart and as JSON', () => {
    const rows = [row('healthy', true, 0), row('1 % errors', false, 0.5)];
    const trial = { title: '10 releases', rows, weakest: 'a < b' };
    expect(policyReport([trial]).split('\n')).toEqual([
      '10 releases',
      '',
      'release     rolled back  median  p95  failed requests  exposed requests',
      'healthy           0.0 %       -    -                3               100',
      '1 % errors       50.0 %       -    -                3               100',
      '',
      'a < b',
      '',
    ]);
    const chart = policyChart([trial, { ...trial, title: 'compared' }]);
    expect(chart.match(/width="150\.0"/g)).toHaveLength(2);
    expect(chart).toContain('Rolled back: compared');
    expect(chart).toContain('a &lt; b');
    const { compared, ...figures } = JSON.parse(policyJson({ runs: 10, rps: 20, seed: '1' }, [trial, trial]));
    expect(figures).toEqual({ runs: 10, rps: 20, seed: '1', weakest: 'a < b', rows });
    expect(compared).toEqual({ weakest: 'a < b', rows });
  });
});
