import { createTelemetry } from '../../lib/engine/telemetry.js';
import { controllerFlags } from '../../lib/settings/controllerFlags.js';
import { namesIn, rowsUnder } from './page.js';

describe('the parity page', () => {
  it('tells of every flag and of the variable that wins over it', () => {
    const told = rowsUnder('Flags', 'flag').flatMap((row) =>
      namesIn(row.flag).map((name) => [name, namesIn(row.environment)[0]]),
    );
    const taken = Object.entries(controllerFlags).map(([name, flag]) => [
      `-${name}`,
      'environment' in flag ? flag.environment : undefined,
    ]);
    expect(told.toSorted()).toEqual(taken.toSorted());
  });

  it("tells of every metric of Flagger's and of its labels", async () => {
    const told = rowsUnder('HTTP', 'metric').flatMap((row) =>
      namesIn(row.metric).map((name) => [name, row.labels]),
    );
    expect(told.toSorted()).toEqual((await exposed()).toSorted());
  });
});

/** Names and labels of the `flagger_` metrics, from what a scrape of one canary shows. */
async function exposed(): Promise<string[][]> {
  const canary = {
    metadata: { name: 'podinfo', namespace: 'test' },
    spec: {
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment' as const, name: 'podinfo' },
      analysis: { interval: '10s', threshold: 1, stepWeight: 10 },
    },
  };
  const telemetry = createTelemetry({
    version: '1',
    meshProvider: 'nginx',
    canaries: () => [canary],
    weightOf: () => 0,
  });
  telemetry.measured(canary, 'latency', 1);
  telemetry.stepped(canary, 1);
  telemetry.finished(canary, 'success', 'completed');
  telemetry.finished(canary, 'failure', 'completed');
  const lines = (await telemetry.text()).split('\n');
  const names = lines.flatMap((line) => /^# TYPE (flagger_\S+)/.exec(line)?.[1] ?? []);
  return names.map((name) => {
    const sample = lines.find((line) => line.startsWith(`${name}_sum{`) || line.startsWith(`${name}{`)) ?? '';
    return [name, [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label).join(', ')];
  });
}
