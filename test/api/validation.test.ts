import { PerchError } from '../../lib/api/errors.js';
import {
  inspectManifest,
  liveObject,
  parseAlertProvider,
  parseCanary,
  parseMetricTemplate,
  validateManifest,
} from '../../lib/api/validation.js';
import { canaryWith, readManifests } from './fixtures/manifests.js';

function refusal(attempt: () => unknown): PerchError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof PerchError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const said = (input: unknown) => inspectManifest(input).map(({ path, message }) => `${path}: ${message}`);
const metricTemplate = (provider: object, query = 'up') => ({
  apiVersion: 'flagger.app/v1beta1',
  kind: 'MetricTemplate',
  metadata: { name: 'latency' },
  spec: { provider, query },
});
const alertProvider = (spec: object) => ({
  apiVersion: 'flagger.app/v1beta1',
  kind: 'AlertProvider',
  metadata: { name: 'chat' },
  spec,
});

test.each(readManifests('tutorial.yaml').map((object) => [object.kind, object]))(
  "the tutorial's %s is accepted as it is",
  (_, object) => {
    expect(validateManifest(object)).toBe(object);
    expect(inspectManifest(object)).toEqual([]);
  },
);

test.each(readManifests('everything.yaml').map((object) => [object.kind, object]))(
  'a %s with every field is accepted',
  (_, object) => {
    expect(validateManifest(object)).toBe(object);
  },
);

test('a wrong field is named with what was expected, what was given and what to do', () => {
  const error = refusal(() => parseCanary(canaryWith({ stepWeight: '5' })));
  expect(`${error}`).toBe(
    [
      'Canary test/podinfo: spec.analysis.stepWeight: expected a number, got "5"',
      '  remedy: Correct spec.analysis.stepWeight. Traffic added at each step, in percent. [API_INVALID_FIELD]',
    ].join('\n'),
  );
});

test('the place is the one that the caller gives', () => {
  expect(refusal(() => parseCanary(canaryWith({ stepWeight: '5' }), 'App/shop')).path).toBe('App/shop');
});

test('all that is wrong is listed, a misspelt field before the one that is therefore missing', () => {
  const canary = canaryWith({ treshold: 3, threshold: undefined }, { provider: 'ngnix' });
  const error = refusal(() => parseCanary(canary));
  expect(error.code).toBe('API_UNKNOWN_FIELD');
  expect(error.message.split('\n')).toEqual([
    '3 problems',
    '  spec.analysis.treshold: expected a known field, got "treshold"; did you mean threshold?',
    expect.stringMatching(/^ {2}spec.provider: expected one of "apisix", .*, got "ngnix"$/),
    '  spec.analysis.threshold: expected a number, got nothing',
  ]);
  expect(error.remedy.split('\n  ')).toEqual([
    'Rename treshold to threshold.',
    'Did you mean "nginx"?',
    'Set spec.analysis.threshold. Failed checks that roll back.',
  ]);
});

test('a field that resembles none is refused with those there are', () => {
  const error = refusal(() => parseMetricTemplate(metricTemplate({ type: 'datadog', zzz: 1 })));
  expect(error.message).toBe('spec.provider.zzz: expected a known field, got "zzz"');
  expect(error.remedy).toBe(
    'Remove zzz; known here: type, address, headers, secretRef, region, insecureSkipVerify.',
  );
});

test('the old name of analysis is explained', () => {
  const canary = canaryWith({}, { canaryAnalysis: {} });
  expect(refusal(() => parseCanary(canary)).remedy).toBe('Rename canaryAnalysis to analysis.');
});

test('unknown fields of a live object are left alone when asked for', () => {
  const canary = canaryWith({}, { bogus: 1 });
  expect(parseCanary(canary, undefined, { unknownFields: 'ignore' })).toBe(canary);
  expect(said(canary)).toEqual(['spec.bogus: expected a known field, got "bogus"']);
});

test('what Flagger takes is taken from a cluster, and refused from an author', () => {
  const canary = canaryWith({ stepWeight: 60, maxWeight: 50 });
  expect(parseCanary(canary, undefined, liveObject)).toBe(canary);
  expect(refusal(() => parseCanary(canary)).code).toBe('API_CONTRADICTION');
});

test.each([
  [
    { stepWeight: 60, maxWeight: 50 },
    'spec.analysis.stepWeight: expected at most maxWeight, got stepWeight 60 and maxWeight 50',
  ],
  [{ stepWeight: 0 }, 'spec.analysis.stepWeight: expected a percentage from 1 to 100, got 0'],
  [{ stepWeight: 2.5 }, 'spec.analysis.stepWeight: expected a whole number, got 2.5'],
  [{ maxWeight: 150 }, 'spec.analysis.maxWeight: expected a percentage from 1 to 100, got 150'],
  [
    { stepWeight: undefined, stepWeights: [10, 10] },
    'spec.analysis.stepWeights[1]: expected more than the 10 before it, got 10',
  ],
  [
    { stepWeight: undefined, stepWeights: [10, 120] },
    'spec.analysis.stepWeights[1]: expected a percentage from 1 to 100, got 120',
  ],
  [
    { stepWeight: undefined, stepWeights: [] },
    'spec.analysis.stepWeights: expected at least one weight, got []',
  ],
  [
    { iterations: 5 },
    'spec.analysis: expected interval, threshold and exactly one of iterations, stepWeight, stepWeights, got an object with interval, threshold, stepWeight, maxWeight, iterations',
  ],
  [{ stepWeight: undefined, iterations: 0 }, 'spec.analysis.iterations: expected at least 1, got 0'],
  [{ threshold: 0 }, 'spec.analysis.threshold: expected at least 1, got 0'],
  [
    { interval: '1h' },
    'spec.analysis.interval: expected a duration in minutes or seconds such as 30s or 1m30s, got "1h"',
  ],
  [
    { interval: '10seconds' },
    'spec.analysis.interval: expected a duration such as 30s or 1m30s, got "10seconds", and so it counts as 60s',
  ],
  [{ interval: '5s' }, 'spec.analysis.interval: expected at least 10s, got "5s", which counts as 10s'],
  [
    { primaryReadyThreshold: 101 },
    'spec.analysis.primaryReadyThreshold: expected a percentage from 0 to 100, got 101',
  ],
  [
    { canaryReadyThreshold: -1 },
    'spec.analysis.canaryReadyThreshold: expected a percentage from 0 to 100, got -1',
  ],
  [
    { match: [{ headers: { a: { exact: 'b' } } }] },
    'spec.analysis.match: expected iterations beside match, got stepWeight or stepWeights, and so match is not looked at',
  ],
  [
    { stepWeight: undefined, iterations: 5, match: [{ headers: { a: { exact: 'b', prefix: 'c' } } }] },
    'spec.analysis.match[0].headers.a: expected exactly one of exact, prefix, suffix, regex, got an object with exact, prefix',
  ],
  [
    { sessionAffinity: { cookieName: 'a', primaryCookieName: 'a' } },
    'spec.analysis.sessionAffinity.primaryCookieName: expected another name than cookieName, got "a" for both',
  ],
  [
    { metrics: [{ name: 'request-duration', thresholdRange: { min: 5, max: 1 } }] },
    'spec.analysis.metrics[0].thresholdRange: expected min not above max, got min 5 and max 1',
  ],
  [
    { metrics: [{ name: 'request-success-rate', thresholdRange: { min: 990 } }] },
    'spec.analysis.metrics[0].thresholdRange.min: expected a percentage from 0 to 100, got 990',
  ],
  [
    { metrics: [{ name: 'latency' }] },
    'spec.analysis.metrics[0]: expected a templateRef or one of the names request-success-rate, request-duration, got "latency"',
  ],
  [
    { webhooks: [{ name: 'a', url: 'loadtester.test/token-1234' }] },
    'spec.analysis.webhooks[0].url: expected an address that begins with http:// or https://, got a string of 26 characters',
  ],
  [
    { webhooks: [{ name: 'a', url: 'http://a/', timeout: '30sec' }] },
    'spec.analysis.webhooks[0].timeout: expected a duration such as 30s or 1m30s, got "30sec", and so every call fails',
  ],
  [
    { alerts: [{ name: 'a', providerRef: { name: 'b' } }] },
    'spec.analysis.alerts[0].severity: expected info, warn or error, got nothing, and so the alert is never sent',
  ],
])('an analysis with %j is answered with the reason', (analysis, message) => {
  expect(said(canaryWith(analysis))).toEqual([message]);
});

test.each([
  [{ service: undefined }, 'spec.service: expected the port of the Services to generate, got nothing'],
  [{ service: { port: 0 } }, 'spec.service.port: expected a port from 1 to 65535, got 0'],
  [
    { service: { port: 80, targetPort: 70000 } },
    'spec.service.targetPort: expected a port from 1 to 65535, got 70000',
  ],
  [
    { service: { port: 80, targetPort: true } },
    'spec.service.targetPort: expected a number or a string, got true',
  ],
  [
    { service: { port: 80, mirror: [{ backendRef: { name: 'a' } }] } },
    'spec.service.mirror[0].backendRef: expected a port, as the reference is to a Service, got an object with name',
  ],
  [{ provider: 'nginx' }, 'spec.ingressRef: expected the Ingress for the provider nginx, got nothing'],
  [
    { provider: 'gatewayapi:v1' },
    'spec.service.gatewayRefs: expected at least one Gateway for a provider of the Gateway API, got none',
  ],
  [
    {
      provider: 'apisix',
      routeRef: { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', name: 'r' },
    },
    'spec.routeRef.kind: expected an ApisixRoute for the provider apisix, got HTTPRoute',
  ],
  [
    { provider: 'knative' },
    'spec.provider: expected "knative" if and only if the target is a serving.knative.dev/v1 Service, got "knative" and apps/v1 Deployment',
  ],
  [
    { service: { port: 80, name: 'Shop' } },
    'spec.service.name: expected the name of a Service (lower-case letters, digits and dashes, a letter first), got "Shop"',
  ],
  [
    { service: { port: 80, name: 's'.repeat(60) } },
    `spec.service.name: expected at most 55 characters, as ${'s'.repeat(60)}-primary names a Service, got 60`,
  ],
  [
    {
      autoscalerRef: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        name: 'a',
        primaryScalerReplicas: { minReplicas: 5, maxReplicas: 2 },
      },
    },
    'spec.autoscalerRef.primaryScalerReplicas: expected minReplicas not above maxReplicas, got minReplicas 5 and maxReplicas 2',
  ],
])('a spec with %j is answered with the reason', (spec, message) => {
  expect(said(canaryWith({}, spec))).toEqual([message]);
});

test('a Knative target needs no service', () => {
  const targetRef = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'shop' };
  expect(said(canaryWith({}, { provider: 'knative', targetRef, service: undefined }))).toEqual([]);
});

test('a null counts as absent, as in a cluster', () => {
  expect(said(canaryWith({ metrics: null }, { metricsServer: null }))).toEqual([]);
  expect(said(canaryWith({ threshold: null }))).toEqual([
    'spec.analysis.threshold: expected a number, got nothing',
  ]);
});

test('a warning alone does not keep a manifest out', () => {
  const canary = canaryWith({ interval: '5s' });
  expect(inspectManifest(canary)).toMatchObject([{ level: 'warning' }]);
  expect(parseCanary(canary)).toBe(canary);
});

test.each([
  [
    metricTemplate({ type: 'prometheus' }),
    'spec.provider.address: expected the address of Prometheus, got nothing',
  ],
  [
    metricTemplate({ type: 'prometheus', address: 'user:password@prometheus:9090' }),
    'spec.provider.address: expected an address that begins with http:// or https://, got a string of 29 characters',
  ],
  [
    metricTemplate({ type: 'prometheus', address: 'http://prometheus:9090' }, ' '),
    'spec.query: expected a query, got an empty one',
  ],
  [
    metricTemplate({ type: 'datadog', headers: { a: ['b'] } }),
    'spec.provider.headers: expected only for prometheus, got it for datadog, which ignores it',
  ],
  [
    alertProvider({ type: 'slack', address: 'http://a/', secretRef: { name: 'a' } }),
    'spec: expected type and exactly one of address, secretRef, got an object with type, address, secretRef',
  ],
  [
    alertProvider({ type: 'teams', address: 'http://a/' }),
    'spec.type: expected one of "slack", "msteams", "discord", "rocket", "gchat", got "teams"',
  ],
])('%j is answered with the reason', (manifest, message) => {
  expect(said(manifest)).toEqual([message]);
});

test('a confidential value never stands in an error', () => {
  const address = 'hooks.example.com/services/very-secret';
  const attempts = [
    () => parseAlertProvider(alertProvider({ type: 'slack', address })),
    () => parseAlertProvider(alertProvider({ type: 'slack', address: [address] })),
    () => parseMetricTemplate(metricTemplate({ type: 'prometheus', headers: { Authorization: address } })),
    () =>
      parseCanary(canaryWith({ webhooks: [{ name: 'a', url: address, metadata: { token: [address] } }] })),
  ];
  for (const attempt of attempts) expect(`${refusal(attempt)}`).not.toContain('very-secret');
});

test('an object of another kind is refused with those there are', () => {
  const error = refusal(() => validateManifest({ kind: 'Canery' }, 'app'));
  expect(`${error}`).toBe(
    'app: kind: expected one of Canary, MetricTemplate, AlertProvider, got "Canery"\n  remedy: Did you mean Canary? [API_UNKNOWN_KIND]',
  );
  for (const input of [undefined, null, 5, 'Canary', []]) {
    expect(refusal(() => validateManifest(input)).code).toBe('API_UNKNOWN_KIND');
  }
});

test('the version must be the one that perch serves', () => {
  const canary = { ...canaryWith(), apiVersion: 'flagger.app/v1alpha3' };
  expect(said(canary)).toEqual(['apiVersion: expected "flagger.app/v1beta1", got "flagger.app/v1alpha3"']);
});

test('a route of the user’s needs no Gateway, and takes shares of traffic only', () => {
  const routeRef = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', name: 'shop' };
  const spec = { provider: 'gatewayapi:v1', routeRef };
  expect(said(canaryWith({}, spec))).toEqual([]);
  expect(said(canaryWith({ mirror: true }, spec))).toEqual([
    'spec.analysis.mirror: expected none with a HTTPRoute of your own, of which only the weights are changed, got one',
  ]);
});

describe('what a policy asks of its router in vain', () => {
  const about = (provider: string, analysis: object, spec: object = {}) => {
    const canary = canaryWith({ stepWeight: undefined, iterations: 5, ...analysis });
    return said({ ...canary, spec: { ...canary.spec, ...spec, provider } });
  };
  const byHeader = { headers: { 'x-canary': { exact: 'insider' } } };
  const byQuery = { queryParams: { v: { exact: '2' } } };

  test('an A/B test where requests are not chosen is a blue/green release', () => {
    expect(about('traefik', { match: [byHeader] })).toEqual([
      'spec.analysis.match: expected none with provider traefik, which knows nothing of the kind, got one, so that it is a blue/green release',
    ]);
  });

  test('a match by what the router does not look at is named', () => {
    expect(
      about('appmesh', { match: [byHeader, byQuery] }, { service: { port: 80, meshName: 'm' } }),
    ).toEqual([
      'spec.analysis.match[1]: expected headers, as provider appmesh looks at nothing else, got queryParams',
    ]);
    const ingressRef = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'podinfo' };
    expect(about('nginx', { match: [{ ...byHeader, ...byQuery }] }, { ingressRef })).toEqual([
      'spec.analysis.match[0]: expected headers, as provider nginx looks at nothing else, got queryParams, and so requests are chosen by the rest',
    ]);
    expect(about('istio', { match: [{ ...byHeader, ...byQuery, sourceLabels: { app: 'a' } }] })).toEqual([]);
  });

  test('copies and cookies that no router heeds are named', () => {
    const analysis = { mirror: true, sessionAffinity: { cookieName: 'v' } };
    expect(about('contour', analysis)).toEqual([
      'spec.analysis.mirror: expected none with provider contour, which knows nothing of the kind, got one, so that nothing is copied',
      'spec.analysis.sessionAffinity: expected none with provider contour, which knows nothing of the kind, got one, so that chance decides',
    ]);
    expect(about('istio', analysis)).toEqual([]);
  });
});
