import { builtinQueries, type Observer } from '../../lib/metrics/builtin.js';
import { prometheusProvider } from '../../lib/metrics/prometheus/provider.js';
import { queries } from '../../lib/metrics/queries.js';
import { sharedQuery } from '../../lib/metrics/shared.js';
import type { Measurement, QueryModel } from '../../lib/ports/metrics.js';
import { SeriesStore } from '../../lib/sim/prometheus/series.js';
import { answerQuery } from '../../lib/sim/promql/answer.js';
import fc from '../property.js';

const atMs = 600_000;
const metrics = ['request-success-rate', 'request-duration'] as const;

/** Families of which a series says exactly whose it is, and the labels by which it does. */
const exact = {
  nginx: { namespace: 'namespace', ingress: 'ingress' },
  istio: { namespace: 'destination_workload_namespace', target: 'destination_workload' },
  linkerd: { namespace: 'namespace', target: 'deployment' },
  osm: { namespace: 'destination_namespace', target: 'destination_name' },
} as const satisfies Partial<Record<Observer, object>>;

function model(namespace: string, name: string): QueryModel {
  const all = { name, target: name, service: name, ingress: name, route: name };
  return { ...all, namespace, interval: '1m', variables: {} };
}

/** What each query wants of a series beside the labels that name the canary. */
const others = {
  nginx: [{ canary: 'x' }, { canary: '' }, { canary: 'x', status: '200' }, { canary: 'x', status: '503' }],
  istio: ['200', '500'].map((response_code) => ({ response_code, reporter: 'destination' })),
  linkerd: ['success', 'failure'].map((classification) => ({ classification, direction: 'inbound' })),
  osm: ['200', '503'].map((response_code) => ({ response_code, destination_kind: 'Deployment' })),
} as const;

const seriesNames = {
  nginx: ['requests', 'response_duration_seconds_sum', 'response_duration_seconds_count'].map(
    (name) => `nginx_ingress_controller_${name}`,
  ),
  istio: ['istio_requests_total', 'istio_request_duration_milliseconds_bucket'],
  linkerd: ['response_total', 'response_latency_ms_bucket'],
  osm: ['osm_request_total', 'osm_request_duration_ms_bucket'],
} as const;

const place = fc.record({
  namespace: fc.constantFrom('a', 'b', 'a-b'),
  name: fc.constantFrom('app', 'app-1', 'app-10', 'web'),
});
const value = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 1000 }) },
  fc.constantFrom(Number.NaN, 0.1, 1e300),
);
const samples = fc.record({
  place,
  name: fc.nat(2),
  other: fc.nat(3),
  le: fc.constantFrom('0.1', '10', '+Inf'),
  values: fc.array(value, { maxLength: 5 }),
});

describe('a built-in query for several canaries', () => {
  it.each(Object.entries(exact))(
    'of %s gives each what its own query gives: values, NaN, no series',
    async (observer, labels) => {
      const family = observer as keyof typeof exact;
      await fc.assert(
        fc.asyncProperty(
          fc.array(samples, { maxLength: 40 }),
          fc.constantFrom(...metrics),
          async (all, metric) => {
            const store = new SeriesStore(3_600_000);
            for (const { place: where, name, other, le, values } of all) {
              const names = seriesNames[family];
              const series = store.series({
                __name__: names[name % names.length]!,
                ...others[family][other % others[family].length],
                le,
                [labels.namespace]: where.namespace,
                ['ingress' in labels ? labels.ingress : labels.target]: where.name,
              });
              if (series.times.length > 0) continue;
              for (const [index, sample] of values.entries())
                store.append(series, atMs - 50_000 + index * 10_000, sample);
            }
            const provider = prometheusProvider({
              address: 'http://prometheus:9090',
              clock: { now: () => atMs, timer: () => ({ cancel: () => undefined }) },
              http: {
                request: async ({ url }) => ({
                  headers: {},
                  ...answerQuery(new URL(url).searchParams.get('query') ?? '', store, atMs),
                }),
              },
            });
            const { query, shared } = queries.builtin(family, metric);
            const names = ['app', 'app-1', 'app-10', 'web'];
            const together = await provider.series!(
              queries.render(shared!.query, model('a|b|a-b', names.join('|'))),
            );
            for (const namespace of ['a', 'b', 'a-b']) {
              for (const name of names) {
                const own = await provider.query(queries.render(query, model(namespace, name)));
                const mine = together.filter((series) =>
                  Object.entries(shared!.labels).every(
                    ([label, field]) => series.labels[label] === model(namespace, name)[field],
                  ),
                );
                const found: Measurement = mine[0]?.measurement ?? {
                  kind: 'noData',
                  detail: 'no values found',
                };
                expect(mine.length).toBeLessThanOrEqual(1);
                expect(found).toEqual(own);
              }
            }
          },
        ),
        { numRuns: 150 },
      );
    },
    60_000,
  );

  it('there is none where a part of a name tells whose a series is', () => {
    const without = Object.entries(builtinQueries)
      .filter(([, family]) => Object.values<string>(family).some((query) => !sharedQuery(query)))
      .map(([observer]) => observer);
    expect(without.toSorted()).toEqual(
      Object.keys(builtinQueries)
        .filter((observer) => !(observer in exact))
        .toSorted(),
    );
  });
});
