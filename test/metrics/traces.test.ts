import { builtinQueries } from '../../lib/metrics/builtin.js';
import { queries } from '../../lib/metrics/queries.js';
import { faultsOf } from './promql.js';
import { model } from './queryModel.js';

const providers = Object.keys(builtinQueries).map((observer) =>
  observer === 'http' ? 'kubernetes' : observer,
);

test.each(providers)(
  'the series behind the success rate of %s are selected by PromQL that parses',
  (provider) => {
    const { series, canary, primary, disguised } = queries.traces(provider, model);
    expect(series).toMatch(/^[a-z_]+$/);
    for (const selector of [series, canary, primary, disguised]) {
      if (selector !== undefined) expect(faultsOf(`count(${selector})`)).toEqual([]);
    }
  },
);

test('the primary is told apart by its workload, by its Service or by the router’s label', () => {
  const primaryOf = (provider: string) => queries.traces(provider, model).primary;
  expect(primaryOf('istio')).toContain('destination_workload=~"podinfo-deploy-primary"');
  expect(primaryOf('traefik')).toContain('test-podinfo-deploy-primary-');
  expect(primaryOf('nginx')).toContain('canary=""');
  expect(primaryOf('knative')).toBeUndefined();
});

test('the series of a query are named once it selects by them', () => {
  expect(
    queries.seriesIn('sum(rate(http_errors{app="x"}[1m])) / sum(rate(http_requests[1m])) * 100'),
  ).toEqual(['http_errors', 'http_requests']);
  const regular = 'sum(requests{service=~"{{ service }}-canary_[0-9]+"}[1m])';
  expect(queries.seriesIn(regular)).toEqual(['requests']);
});
