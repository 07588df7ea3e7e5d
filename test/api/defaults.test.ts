import {
  analysisIntervalMs,
  effectiveMaxWeight,
  effectiveMirrorWeight,
  effectiveThreshold,
  isKnative,
  metricInterval,
  portName,
  primaryName,
  primaryScalerName,
  progressDeadlineSeconds,
  readyThresholds,
  referenceNamespace,
  serviceNames,
  strategyOf,
  targetPort,
  webhookTimeoutMs,
  webhookType,
} from '../../lib/api/defaults.js';
import { canaryWith } from './fixtures/manifests.js';

const analysisOf = (analysis: Record<string, unknown>) => canaryWith(analysis).spec.analysis;

test.each([
  ['1m30s', 90_000],
  ['5s', 10_000],
  ['10seconds', 60_000],
  ['', 60_000],
])('an interval of %j makes a check every %d ms', (interval, ms) => {
  expect(analysisIntervalMs(canaryWith({ interval }).spec)).toBe(ms);
});

test.each([
  [5, 5],
  [0, 1],
  [-3, 1],
])('a threshold of %d rolls back after %d failed checks', (threshold, checks) => {
  expect(effectiveThreshold(analysisOf({ threshold }))).toBe(checks);
});

test('the largest weight is the last of the weights, else maxWeight, else all', () => {
  expect(effectiveMaxWeight(analysisOf({ stepWeights: [10, 40], maxWeight: 80 }))).toBe(40);
  expect(effectiveMaxWeight(analysisOf({ stepWeights: [10, 140] }))).toBe(100);
  expect(effectiveMaxWeight(analysisOf({ stepWeights: [], maxWeight: 80 }))).toBe(80);
  expect(effectiveMaxWeight(analysisOf({ maxWeight: 0 }))).toBe(100);
  expect(effectiveMaxWeight(analysisOf({ maxWeight: undefined }))).toBe(100);
});

test('all requests are copied unless a share is given', () => {
  expect(effectiveMirrorWeight(analysisOf({ mirror: true }))).toBe(100);
  expect(effectiveMirrorWeight(analysisOf({ mirror: true, mirrorWeight: 30 }))).toBe(30);
});

test('every pod must be ready unless a share is given', () => {
  expect(readyThresholds(analysisOf({}))).toEqual({ primary: 100, canary: 100 });
  expect(readyThresholds(analysisOf({ primaryReadyThreshold: 50, canaryReadyThreshold: 0 }))).toEqual({
    primary: 50,
    canary: 0,
  });
});

test('a rollout has ten minutes unless the canary says otherwise', () => {
  expect(progressDeadlineSeconds(canaryWith().spec)).toBe(600);
  expect(progressDeadlineSeconds(canaryWith({}, { progressDeadlineSeconds: 60 }).spec)).toBe(60);
});

test.each([
  [{}, 'canary'],
  [{ stepWeight: undefined, iterations: 5 }, 'blue-green'],
  [{ stepWeight: undefined, iterations: 5, match: [] }, 'blue-green'],
  [{ stepWeight: undefined, iterations: 5, match: [{ headers: { a: { exact: 'b' } } }] }, 'ab-testing'],
  [{ match: [{ headers: { a: { exact: 'b' } } }] }, 'canary'],
])('an analysis with %j is of strategy %s', (analysis, strategy) => {
  expect(strategyOf(canaryWith(analysis).spec)).toBe(strategy);
});

test('Services are named after the service, or else after the target', () => {
  expect(serviceNames(canaryWith())).toEqual({
    apex: 'podinfo',
    primary: 'podinfo-primary',
    canary: 'podinfo-canary',
  });
  const named = canaryWith({}, { service: { name: 'shop', port: 80 } });
  expect(serviceNames(named)).toEqual({ apex: 'shop', primary: 'shop-primary', canary: 'shop-canary' });
});

test('the primary is named after the target, its autoscaler after the autoscaler', () => {
  const autoscalerRef = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'hpa' };
  const canary = canaryWith({}, { service: { name: 'shop', port: 80 }, autoscalerRef });
  expect(primaryName(canary)).toBe('podinfo-primary');
  expect(primaryScalerName(canary)).toBe('hpa-primary');
  expect(primaryScalerName(canaryWith())).toBeUndefined();
});

test('a port goes to the container port of the same number, under the name http', () => {
  expect(targetPort({ port: 80 })).toBe(80);
  expect(targetPort({ port: 80, targetPort: 0 })).toBe(80);
  expect(targetPort({ port: 80, targetPort: '' })).toBe(80);
  expect(targetPort({ port: 80, targetPort: 'web' })).toBe('web');
  expect(portName({ port: 80 })).toBe('http');
  expect(portName({ port: 80, portName: 'grpc' })).toBe('grpc');
});

test('a hook without a type is a rollout hook, and has ten seconds to answer', () => {
  expect(webhookType({ name: 'load', url: 'http://a/' })).toBe('rollout');
  expect(webhookType({ name: 'load', url: 'http://a/', type: '' })).toBe('rollout');
  expect(webhookTimeoutMs({ name: 'load', url: 'http://a/' })).toBe(10_000);
  expect(webhookTimeoutMs({ name: 'load', url: 'http://a/', timeout: '5' })).toBe(10_000);
  expect(webhookTimeoutMs({ name: 'load', url: 'http://a/', timeout: '1m' })).toBe(60_000);
  expect(() => webhookTimeoutMs({ name: 'load', url: 'http://a/', timeout: '1minute' })).toThrow('"1minute"');
});

test('a built-in metric looks at the last minute', () => {
  expect(metricInterval({ name: 'request-duration' })).toBe('1m');
  expect(metricInterval({ name: 'request-duration', interval: '30s' })).toBe('30s');
});

test('a reference without a namespace points into that of the canary', () => {
  expect(referenceNamespace(canaryWith(), {})).toBe('test');
  expect(referenceNamespace(canaryWith(), { namespace: 'monitoring' })).toBe('monitoring');
});

test('only a Service of serving.knative.dev/v1 is served by Knative', () => {
  expect(isKnative({ apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'a' })).toBe(true);
  expect(isKnative({ apiVersion: 'v1', kind: 'Service', name: 'a' })).toBe(false);
});
