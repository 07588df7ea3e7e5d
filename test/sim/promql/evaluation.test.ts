import { SeriesStore } from '../../../lib/sim/prometheus/series.js';
import { answerQuery } from '../../../lib/sim/promql/answer.js';
import { evaluate } from '../../../lib/sim/promql/evaluation.js';
import { bucketQuantile } from '../../../lib/sim/promql/quantiles.js';
import { extrapolatedIncrease } from '../../../lib/sim/promql/rates.js';
import fc from '../../property.js';

/** Counters scraped every 5 s for two minutes: 2/s of 200s and 0.5/s of 500s; latencies between 0.1 and 0.5 s. */
function scraped(): { store: SeriesStore; now: number } {
  const store = new SeriesStore(3_600_000);
  const rates = { '200': 2, '500': 0.5 };
  for (let time = 0; time <= 120_000; time += 5000) {
    for (const [status, perSecond] of Object.entries(rates))
      for (const namespace of ['test', 'other'])
        store.append(
          store.series({ __name__: 'requests_total', status, namespace }),
          time,
          (perSecond * time) / 1000,
        );
    for (const [le, share] of Object.entries({ '0.1': 0.5, '0.5': 1, '+Inf': 1 }))
      store.append(
        store.series({ __name__: 'seconds_bucket', le, namespace: 'test' }),
        time,
        (share * time) / 100,
      );
    store.append(store.series({ __name__: 'up' }), time, 1);
  }
  return { store, now: 120_000 };
}

function value(query: string): number[] {
  const { store, now } = scraped();
  const result = evaluate(query, store, now);
  if (result.type === 'scalar') return [result.value];
  return result.type === 'vector' ? result.samples.map((sample) => sample.value) : [];
}

function refusalOf(query: string): string {
  const { store, now } = scraped();
  const { status, body } = answerQuery(query, store, now);
  expect(status).toBe(400);
  expect(JSON.parse(body)).toMatchObject({ status: 'error', errorType: 'bad_data' });
  return (JSON.parse(body) as { error: string }).error;
}

describe('the virtual Prometheus', () => {
  it.each([
    ['sum(rate(requests_total{namespace="test"}[1m]))', 2.5],
    [
      'sum(rate(requests_total{namespace="test",status!~"5.*"}[1m])) / sum(rate(requests_total{namespace="test"}[1m])) * 100',
      80,
    ],
    ['sum(increase(requests_total{status="500",namespace=~"te.+",}[1m]))', 30],
    ['histogram_quantile(0.99, sum(rate(seconds_bucket[1m])) by (le))', 0.492],
    ['histogram_quantile(0.5, sum by (le) (rate(seconds_bucket[1m])))', 0.1],
    ['max(up) + 1 * 2 ^ 3', 9],
    ['-vector(1) + 2', 1],
    ['vector(1)', 1],
    ['count(requests_total{namespace!="test"})', 2],
    ['avg(rate(requests_total[1m])) without (status)', 1.25],
    ['scalar(up) == bool 1', 1],
    ['sum(requests_total offset 1m)', 300],
    ['sum(requests_total @ 60)', 300],
    ['sum((requests_total @ 90) - (last_over_time(requests_total[10m] @ 60)))', 150],
    ['max_over_time(sum(requests_total)[1m:10s] @ 60)', 300],
    ['count_over_time(sum(requests_total)[1m:10s])', 6],
    ['absent(nothing)', 1],
    ['sum(up) > 0 and sum(up) < 2', 1],
  ])('answers %s', (query, expected) => {
    expect(value(query)[0]).toBeCloseTo(expected, 6);
  });

  it('answers nothing where there are no series, and NaN where nothing is divided by nothing', () => {
    expect(value('sum(rate(nothing[1m]))')).toEqual([]);
    expect(value('vector(0) / vector(0)')).toEqual([Number.NaN]);
    expect(value('up > 1')).toEqual([]);
  });

  it('knows no value five minutes after the last sample, nor of a target that is gone', () => {
    const { store, now } = scraped();
    expect(evaluate('up', store, now + 299_000)).toMatchObject({ samples: [{ value: 1 }] });
    expect(evaluate('up', store, now + 300_000)).toMatchObject({ samples: [] });
    store.series({ __name__: 'up' }).staleAt = now;
    expect(evaluate('up', store, now)).toMatchObject({ samples: [] });
  });

  it('says where a query does not parse, and what it does not know', () => {
    expect(refusalOf('sum(rate(requests_total[1m])')).toContain('parse error');
    expect(refusalOf('topk(3, up)')).toContain('the aggregation topk');
    expect(refusalOf('deriv(up[1m])')).toContain('the function deriv');
    expect(refusalOf('rate(up)')).toContain('expected type range vector in call to function "rate"');
    expect(refusalOf('up * on(x) group_left up')).toContain('group_left');
  });

  it('prints as the HTTP API does', () => {
    const { store, now } = scraped();
    const { status, body } = answerQuery('sum(up) by (job)', store, now);
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      status: 'success',
      data: { resultType: 'vector', result: [{ metric: {}, value: [120, '1'] }] },
    });
  });
});

describe('rates', () => {
  it('take a fall of the counter for a restart', () => {
    const range = { labels: {}, times: [0, 10_000, 20_000], values: [100, 5, 15] };
    expect(extrapolatedIncrease(range, 0, 20_000)).toBeCloseTo(15, 6);
  });

  it('need two samples', () => {
    expect(extrapolatedIncrease({ labels: {}, times: [5000], values: [1] }, 0, 60_000)).toBeUndefined();
  });

  it('never are negative, nor more than the steady rate over the whole range', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 2, maxLength: 12 }), (steps) => {
        let total = 0;
        const values = steps.map((step) => {
          total += step;
          return total;
        });
        const range = { labels: {}, times: steps.map((_, index) => (index + 1) * 5000), values };
        const end = steps.length * 5000;
        const increase = extrapolatedIncrease(range, 0, end) ?? -1;
        const sampled = total - steps[0]!;
        expect(increase).toBeGreaterThanOrEqual(sampled - 1e-9);
        expect(increase).toBeLessThanOrEqual((sampled * steps.length) / (steps.length - 1) + 1e-9);
      }),
    );
  });
});

describe('quantiles of buckets', () => {
  it('rise with the quantile and stay within the finite bounds', () => {
    const counts = fc.array(fc.nat(20), { minLength: 3, maxLength: 8 });
    fc.assert(
      fc.property(
        counts,
        fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true }),
        fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true }),
        (steps, a, b) => {
          let total = 0;
          const buckets = steps.map((step, index) => {
            total += step;
            return { bound: index === steps.length - 1 ? Infinity : index + 1, count: total };
          });
          const low = bucketQuantile(Math.min(a, b), buckets);
          const high = bucketQuantile(Math.max(a, b), buckets);
          if (total === 0) return void expect(low).toBeNaN();
          expect(low).toBeLessThanOrEqual(high);
          expect(high).toBeLessThanOrEqual(steps.length - 1);
        },
      ),
    );
  });

  it('are the highest finite bound when nobody knows how many there are, as in Prometheus', () => {
    const buckets = [
      { bound: 0.1, count: 0 },
      { bound: Infinity, count: Number.NaN },
    ];
    expect(bucketQuantile(0.99, buckets)).toBe(0.1);
  });

  it('divide nothing by nothing for the quantile 0 of an empty first bucket, as in Prometheus', () => {
    const quantile = (first: number) =>
      bucketQuantile(0, [
        { bound: 1, count: first },
        { bound: 2, count: 5 },
        { bound: Infinity, count: 5 },
      ]);
    expect(quantile(0)).toBeNaN();
    expect(quantile(1)).toBe(0);
  });
});
