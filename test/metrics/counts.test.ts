import { builtinQueries } from '../../lib/metrics/builtin.js';
import { queries } from '../../lib/metrics/queries.js';
import { SeriesStore } from '../../lib/sim/prometheus/series.js';
import { evaluate } from '../../lib/sim/promql/evaluation.js';
import { faultsOf } from './promql.js';
import { model as plain } from './queryModel.js';

const model = { ...plain, primaryRevision: 'podinfo-00001' };
const lengthMs = 10_040;
const now = 1_767_225_610_040;
const undivided = ['apisix'];
const providers = Object.keys(builtinQueries)
  .map((observer) => (observer === 'http' ? 'kubernetes' : observer))
  .filter((provider) => !undivided.includes(provider));

function parses(query: string): boolean {
  return faultsOf(query).length === 0;
}

function failuresOf(provider: string) {
  const counted = queries.counts(provider, 'request-success-rate', model, lengthMs);
  if (counted?.of !== 'failures') throw new Error(`expected failures of ${provider}`);
  return counted;
}

function slownessOf(provider: string) {
  const counted = queries.counts(provider, 'request-duration', model, lengthMs);
  if (counted?.of !== 'slowness') throw new Error(`expected slowness of ${provider}`);
  return counted;
}

describe.each(providers)('the counts of %s', (provider) => {
  it('are PromQL that parses, and tell the primary from the canary', () => {
    const { canary, primary, past } = failuresOf(provider);
    for (const { requests, bad } of [canary, primary, past]) {
      expect([requests, bad].filter((query) => !parses(query))).toEqual([]);
      expect(bad).not.toBe(requests);
    }
    expect(primary).not.toEqual(canary);
    const buckets = slownessOf(provider);
    const all = [buckets.canary, buckets.primary, buckets.past];
    expect(all.filter((query) => !parses(query) || !/_bucket\{/.test(query))).toEqual([]);
    expect(buckets.primary).not.toBe(buckets.canary);
  });

  it('take as bad what the success rate leaves out', () => {
    const { bad } = failuresOf(provider).canary;
    const selector = /\w+\{[^}]*\}/.exec(bad)?.[0] ?? '';
    expect(selector).toMatch(/=~\s*"5\.[.*]"|classification="failure"/);
    expect(selector).not.toMatch(/!~|!="fail/);
  });
});

it('cannot be had where the series of both versions are the same', () => {
  for (const provider of undivided)
    expect(queries.counts(provider, 'request-success-rate', model, lengthMs)).toBeUndefined();
});

it('are those of the primary’s revision on Knative, once that is another one', () => {
  expect(failuresOf('knative').primary.requests).toContain(`"${model.namespace}/podinfo-00001"`);
  for (const primaryRevision of [undefined, model.route]) {
    const { primaryRevision: _, ...others } = model;
    const early = { ...others, ...(primaryRevision && { primaryRevision }) };
    expect(queries.counts('knative', 'request-success-rate', early, lengthMs)).toBeUndefined();
  }
});

it('know the unit of the buckets', () => {
  expect(['nginx', 'kubernetes', 'traefik', 'skipper'].map((name) => slownessOf(name).unitMs)).toEqual([
    1000, 1000, 1000, 1000,
  ]);
  expect(['istio', 'linkerd', 'contour', 'osm'].map((name) => slownessOf(name).unitMs)).toEqual([1, 1, 1, 1]);
});

it('name an application that is called as the versions are', () => {
  const odd = { ...model, target: 'my-canary-app', service: 'my-canary-app' };
  const counted = queries.counts('traefik', 'request-success-rate', odd, lengthMs);
  expect(counted?.of === 'failures' && counted.primary.requests).toContain('my-canary-app-primary-');
});

describe('what is counted', () => {
  const labels = (more: object) => ({
    __name__: 'nginx_ingress_controller_requests',
    namespace: model.namespace,
    ingress: model.ingress,
    canary: 'podinfo-canary-80',
    ...more,
  });

  /** Of values by seconds before the look's end; the look lasts ten seconds. */
  function counted(...courses: readonly Readonly<Record<number, number>>[]): number {
    const store = new SeriesStore(3_600_000);
    courses.forEach((course, at) => {
      const series = store.series(labels({ status: '500', pod: String(at) }));
      for (const [before, value] of Object.entries(course).sort(([a], [b]) => Number(b) - Number(a)))
        store.append(series, now - Number(before) * 1000, value);
    });
    const result = evaluate(failuresOf('nginx').canary.bad, store, now);
    return result.type === 'vector' ? (result.samples[0]?.value ?? 0) : Number.NaN;
  }

  it('is the growth from look to look, to the request', () => {
    expect(counted({ 12: 7, 7: 8, 2: 12 })).toBe(5);
    expect(counted({ 12: 7, 7: 8, 2: 12 }, { 12: 100, 2: 101 })).toBe(6);
  });

  it('holds the first failures of a series, which increase() leaves out', () => {
    expect(counted({ 2: 3 })).toBe(3);
  });

  it('goes on where a process began anew', () => {
    expect(counted({ 12: 70, 7: 1, 2: 4 })).toBe(4);
  });

  it('does not count again what was there before a gap in the scrapes', () => {
    expect(counted({ 900: 70, 2: 72 })).toBe(2);
  });
});
