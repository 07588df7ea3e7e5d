import { initialized, podinfoCanary } from './world.js';

const value = (text: string, series: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1);

describe('the metrics of the controller', () => {
  it('have the names and labels of Flagger', async () => {
    const world = await initialized(podinfoCanary(), { version: '1.2.3' });
    const before = await world.controller.metrics();
    expect(value(before, 'flagger_info{version="1.2.3",mesh_provider="nginx"}')).toBe('1');
    expect(value(before, 'flagger_canary_total{namespace="test"}')).toBe('1');
    expect(value(before, 'flagger_canary_status{name="podinfo",namespace="test"}')).toBe('1');
    expect(value(before, 'flagger_canary_weight{workload="podinfo-primary",namespace="test"}')).toBe('100');
    world.release('podinfo:2.0.0');
    await world.clock.advance(15_000);
    const during = await world.controller.metrics();
    expect(value(during, 'flagger_canary_status{name="podinfo",namespace="test"}')).toBe('0');
    expect(value(during, 'flagger_canary_weight{workload="podinfo",namespace="test"}')).toBe('10');
    expect(
      value(during, 'flagger_canary_metric_analysis{name="podinfo",namespace="test",metric="latency"}'),
    ).toBe('0.1');
    expect(during).toContain('flagger_canary_duration_seconds_bucket');
    await world.clock.advance(120_000);
    const after = await world.controller.metrics();
    const labels = 'name="podinfo",namespace="test",deployment_strategy="canary",analysis_status="completed"';
    expect(value(after, `flagger_canary_successes_total{${labels}}`)).toBe('1');
    await world.controller.stop();
  });

  it('show 2 for a canary that failed, and count it', async () => {
    const world = await initialized(podinfoCanary({ threshold: 1 }));
    world.metric = () => ({ kind: 'value', value: 1 });
    world.release('podinfo:2.0.0');
    await world.clock.advance(30_000);
    const text = await world.controller.metrics();
    expect(value(text, 'flagger_canary_status{name="podinfo",namespace="test"}')).toBe('2');
    expect(text).toContain('flagger_canary_failures_total{name="podinfo"');
    await world.controller.stop();
  });
});
