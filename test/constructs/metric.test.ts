import { ApiObject, Duration } from 'cdk8s';
import { CanaryApp, CanaryPlatform, Metric, Metrics, Routing } from '../../lib/index.js';
import fc from '../property.js';
import { createChart, failure, find, synthesise, synthesiseApp } from './bench.js';

const metricsOf = (metrics: Metric[], platform = {}) =>
  find(synthesiseApp({ metrics }, platform), 'Canary', 'web').spec.analysis.metrics;

describe('Metric', () => {
  test('success rate and duration are the built-in ones', () => {
    const metrics = [
      Metric.successRate({ min: 99 }),
      Metric.duration({ max: Duration.millis(500), interval: Duration.seconds(30), onNoData: 'fail' }),
    ];
    expect(metricsOf(metrics, { routing: Routing.istio() })).toEqual([
      { name: 'request-success-rate', interval: '1m', thresholdRange: { min: 99 }, onNoData: 'wait' },
      { name: 'request-duration', interval: '30s', thresholdRange: { max: 500 }, onNoData: 'fail' },
    ]);
  });

  test.each([
    ['ingress-nginx', Routing.ingressNginx(), 'nginx_ingress_controller_response_duration_seconds_bucket'],
    ['Skipper', Routing.skipper(), 'skipper_serve_route_duration_seconds_bucket'],
  ])(
    'duration is the 99th percentile behind %s too, where the built-in one is a mean',
    (_, routing, series) => {
      const duration = (mean?: boolean) =>
        Metric.duration({ max: Duration.millis(500), ...(mean !== undefined && { mean }) });
      const manifests = synthesiseApp({ metrics: [duration()] }, { routing });
      const [metric] = find(manifests, 'Canary', 'web').spec.analysis.metrics;
      expect(metric).toMatchObject({ name: 'duration', templateRef: { name: 'web-duration' } });
      const { query } = find(manifests, 'MetricTemplate', 'web-duration').spec;
      expect(query).toContain('histogram_quantile(0.99');
      expect(query).toContain(series);
      expect(metricsOf([Metric.promql('again', { query, min: 0 })])).toHaveLength(1);
      expect(metricsOf([duration(true)], { routing })).toEqual([
        { name: 'request-duration', interval: '1m', thresholdRange: { max: 500 }, onNoData: 'wait' },
      ]);
    },
  );

  test('Skipper’s series are asked for by the words that it makes of names', () => {
    const manifests = synthesiseApp(
      { name: 'web-shop', metrics: [Metric.duration({ max: Duration.seconds(1) })] },
      { routing: Routing.skipper() },
    );
    expect(find(manifests, 'MetricTemplate', 'web-shop-duration').spec.query).toContain(
      'route=~"kube(ew)?_shop__web_shop_canary__.*__web_shop_canary(_[0-9]+)?"',
    );
  });

  test('a mean where there is none is refused', () => {
    const metrics = [Metric.duration({ max: Duration.seconds(1), mean: true })];
    expect(failure(() => metricsOf(metrics, { routing: Routing.istio() })).code).toBe(
      'CONSTRUCT_METRIC_MEAN',
    );
  });

  test("a query of one's own becomes a MetricTemplate on the platform's Prometheus", () => {
    const manifests = synthesiseApp({
      metrics: [Metric.promql('queue', { query: 'max(queue_length)', max: 3 })],
    });
    expect(find(manifests, 'MetricTemplate', 'web-queue')).toMatchObject({
      metadata: { namespace: 'shop' },
      spec: {
        provider: { type: 'prometheus', address: 'http://prometheus.perch-system:9090' },
        query: 'max(queue_length)',
      },
    });
    expect(find(manifests, 'Canary', 'web').spec.analysis.metrics).toEqual([
      {
        name: 'queue',
        interval: '1m',
        thresholdRange: { max: 3 },
        onNoData: 'wait',
        templateRef: { name: 'web-queue' },
      },
    ]);
  });

  test.each([
    ['ingress-nginx', Routing.ingressNginx(), 'exported_namespace'],
    ['Services alone', Routing.kubernetes(), 'pod=~'],
  ])('a Prometheus that renames labels is asked for either name, with %s', (_what, routing, label) => {
    const metrics = Metrics.existingPrometheus({ address: 'http://prometheus.monitoring:9090' });
    const manifests = synthesiseApp({ metrics: [Metric.successRate({ min: 99 })] }, { metrics, routing });
    const [metric] = find(manifests, 'Canary', 'web').spec.analysis.metrics;
    expect(metric).toMatchObject({ name: 'success-rate', templateRef: { name: 'web-success-rate' } });
    const { provider, query } = find(manifests, 'MetricTemplate', 'web-success-rate').spec;
    expect(provider.address).toBe('http://prometheus.monitoring:9090');
    expect(query).toContain(label);
    expect(query).toMatch(/\)\nor\n\(/);
  });

  test('the queries for a Prometheus that renames labels are PromQL', () => {
    const metrics = Metrics.existingPrometheus({ address: 'http://prometheus.monitoring:9090' });
    for (const routing of [Routing.ingressNginx(), Routing.kubernetes()]) {
      const written = synthesiseApp(
        { metrics: [Metric.successRate({ min: 99 }), Metric.duration({ max: Duration.seconds(1) })] },
        { metrics, routing },
      ).filter(({ kind }) => kind === 'MetricTemplate');
      expect(written).toHaveLength(2);
      for (const { spec } of written) {
        expect(metricsOf([Metric.promql('again', { query: spec.query, min: 0 })])).toHaveLength(1);
      }
    }
  });

  test('a Prometheus that keeps labels answers the built-in queries', () => {
    const metrics = Metrics.existingPrometheus({
      address: 'http://prometheus.monitoring:9090',
      honorLabels: true,
    });
    expect(metricsOf([Metric.successRate({ min: 99 })], { metrics })[0]).not.toHaveProperty('templateRef');
  });

  test('a template of the same program is found wherever it is declared', () => {
    const chart = createChart();
    new CanaryApp(chart, 'web', {
      platform: new CanaryPlatform(chart, 'platform'),
      ...{ image: 'a:1', port: 80, host: 'web.example.com', namespace: 'shop' },
      metrics: [Metric.template('latency', { template: 'latency', max: 1, variables: { quantile: '0.9' } })],
    });
    new ApiObject(chart, 'latency', {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'MetricTemplate',
      metadata: { name: 'latency', namespace: 'shop' },
      spec: { provider: { type: 'prometheus' }, query: 'latency' },
    });
    expect(find(synthesise(chart), 'Canary', 'web').spec.analysis.metrics[0]).toMatchObject({
      templateRef: { name: 'latency' },
      templateVariables: { quantile: '0.9' },
    });
  });

  test('a reference to no template fails at synth, with path and remedy', () => {
    const metrics = [Metric.template('latency', { template: 'latencey', max: 1 })];
    expect(() => synthesiseApp({ metrics })).toThrow(
      /\[chart\/web\/release\].*MetricTemplate latencey in namespace shop[\s\S]*remedy/,
    );
  });

  test('a template that the cluster has already is taken on trust', () => {
    const metric = Metric.template('latency', {
      template: 'latency',
      namespace: 'shared',
      existing: true,
      max: 1,
    });
    expect(metricsOf([metric])[0].templateRef).toEqual({ name: 'latency', namespace: 'shared' });
  });

  test.each([
    ['a rate above 100 percent', Metric.successRate({ min: 101 }), 'CONSTRUCT_OUT_OF_RANGE'],
    ['a share where percent are meant', Metric.successRate({ min: 0.99 }), 'CONSTRUCT_PERCENT'],
    ['all of a share', Metric.successRate({ min: 1 }), 'CONSTRUCT_PERCENT'],
    ['a duration of nothing', Metric.duration({ max: Duration.millis(0) }), 'CONSTRUCT_OUT_OF_RANGE'],
    ['a metric without bounds', Metric.promql('a', { query: 'a' }), 'CONSTRUCT_METRIC_RANGE'],
    [
      'bounds that exclude everything',
      Metric.promql('a', { query: 'a', min: 2, max: 1 }),
      'CONSTRUCT_METRIC_RANGE',
    ],
  ])('refuses %s', (_what, metric, code) => {
    expect(failure(() => metricsOf([metric]))).toMatchObject({ code, path: 'chart/web/release' });
  });
});

describe('PromQL', () => {
  const check = (query: string) => metricsOf([Metric.promql('m', { query, max: 1 })]);

  test.each([
    'sum(rate(requests{namespace="{{ namespace }}"}[{{ interval }}]))',
    'rate(requests[{{- interval -}}] offset {{ variables.back }})',
    '{{ $route := printf "%s_%s" namespace service }}sum(x{route="{{ $route }}"})',
    '{{ if eq name "a" }}up{{ else }}down{{ end }}',
    'max_over_time(a[1h:{{ interval }}]) > {{ variables.limit }}',
  ])('with template actions is accepted: %s', (query) => {
    expect(check(query)).toHaveLength(1);
  });

  test('that does not parse is refused with its place', () => {
    const query = 'sum(\n  rate(requests{a="b"[1m])\n)';
    const error = failure(() => check(query));
    expect(error).toMatchObject({ code: 'CONSTRUCT_PROMQL', path: 'chart/web/release' });
    expect(error.message).toContain('line 2, column 22');
    expect(error.message).toMatch(/\n {2} {2}rate\(requests\{a="b"\[1m\]\)\n {23}\^$/);
  });

  test("as the tutorial's copy has it, with a stray quote, is refused", () => {
    const query = 'requests{kubernetes_pod_name=~"{{ target }}"- [0-9a-zA-Z]+ (- [0-9a-zA-Z]+) "} [1m]';
    expect(failure(() => check(query)).code).toBe('CONSTRUCT_PROMQL');
  });

  test('is accepted or refused, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (query) => {
        try {
          check(query);
        } catch (error) {
          expect(error).toMatchObject({ code: 'CONSTRUCT_PROMQL' });
        }
      }),
      { numRuns: 30 },
    );
  });
});
