import { isDeepStrictEqual } from 'node:util';
import { Duration } from 'cdk8s';
import { createApiRequestMetrics } from '../../lib/cli/apiRequestMetrics.js';
import { createProcessMetrics } from '../../lib/cli/processMetrics.js';
import { createTelemetry } from '../../lib/engine/telemetry.js';
import { type AlertRulesProps, CanaryPlatform } from '../../lib/index.js';
import { createTaskMetrics } from '../../lib/loadtester/metrics.js';
import { parser } from '../metrics/promql.js';
import { createChart, failure, find, synthesise } from './bench.js';

function rulesOf(props: AlertRulesProps) {
  const chart = createChart();
  new CanaryPlatform(chart, 'platform', { alertRules: props });
  return find(synthesise(chart), 'PrometheusRule', 'perch');
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
}
const rules = () => rulesOf({}).spec.groups[0].rules as Rule[];

/** What a scrape of the controller and one of the load tester show. */
async function exposed(): Promise<Set<string>> {
  const telemetry = createTelemetry({ version: '', meshProvider: '', canaries: () => [], weightOf: () => 0 });
  const all = [
    telemetry,
    createApiRequestMetrics(),
    createTaskMetrics(),
    { text: createProcessMetrics(() => 0) },
  ];
  const texts = await Promise.all(all.map(({ text }) => text()));
  return new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!)));
}

describe('the alerts of a platform', () => {
  test('are written when they are asked for, with labels by which an operator finds them', () => {
    const chart = createChart();
    new CanaryPlatform(chart, 'platform');
    expect(synthesise(chart).filter(({ kind }) => kind === 'PrometheusRule')).toEqual([]);
    expect(rulesOf({ labels: { release: 'prometheus' } }).metadata).toMatchObject({
      namespace: 'perch-system',
      labels: { release: 'prometheus' },
    });
  });

  test('ask in PromQL that parses for metrics that there are', async () => {
    const there = await exposed();
    for (const { expr } of rules()) {
      const names: string[] = [];
      parser.parse(expr).iterate({
        enter({ type, from, to }) {
          expect({ expr, error: type.isError }).toEqual({ expr, error: false });
          if (type.name === 'Identifier' && expr.slice(from, to).includes('_'))
            names.push(expr.slice(from, to));
        },
      });
      expect(names.length).toBeGreaterThan(0);
      expect({ expr, missing: names.filter((name) => !there.has(name)) }).toEqual({ expr, missing: [] });
    }
  });

  test.each(['perch-controller', 'perch-loadtester'])(
    'ask for what Prometheus finds in the pods of %s and may reach',
    (name) => {
      const chart = createChart();
      new CanaryPlatform(chart, 'platform');
      const manifests = synthesise(chart);
      const { annotations, labels } = find(manifests, 'Deployment', name).spec.template.metadata;
      expect(annotations).toMatchObject({ 'prometheus.io/scrape': 'true' });
      const port = Number(annotations['prometheus.io/port']);
      const policies = manifests
        .filter(({ kind }) => kind === 'NetworkPolicy')
        .filter(({ spec }) => isDeepStrictEqual(spec.podSelector.matchLabels, labels));
      for (const { spec } of policies) {
        expect(spec.ingress).toContainEqual({ ports: [{ protocol: 'TCP', port }] });
      }
    },
  );

  test('wait as long as is said for a release to end', () => {
    const { spec } = rulesOf({ stuckAfter: Duration.minutes(30) });
    expect(spec.groups[0].rules.find(({ alert }: Rule) => alert === 'PerchCanaryStuck').for).toBe('1800s');
    expect(failure(() => rulesOf({ stuckAfter: Duration.millis(5) })).path).toContain('platform');
  });
});
