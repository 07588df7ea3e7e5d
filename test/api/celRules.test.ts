import fc from 'fast-check';
import { Canaries, type CanarySpec, canarySpec } from '../../lib/api/canary.js';
import { schemaOf } from '../../lib/api/crds.js';
import { admit } from '../../lib/api/schema/admit.js';
import type { StructuralSchema } from '../../lib/api/schema/structural.js';
import { specRules, verdicts } from '../../lib/api/validation/specRules.js';
import { inspectManifest } from '../../lib/api/validation.js';
import { judge } from './cel.js';
import { canaryWith, readManifests } from './fixtures/manifests.js';

const name = fc.constantFrom('', 'podinfo');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const weight = fc.constantFrom(-1, 0, 1, 50, 100, 101);
const reference = (apiVersion: string, kind: string) =>
  name.map((given) => ({ apiVersion, kind, name: given }));
const metric = fc.record({
  name: fc.constantFrom('request-success-rate', 'request-duration', 'latency'),
  query: maybe(fc.constantFrom('', 'vector(1)')),
  templateRef: maybe(fc.constant({ name: 'latency' })),
});
const webhook = fc.record({
  name: fc.constant('hook'),
  type: maybe(
    fc.constantFrom('', 'rollout', 'pre-rollout', 'confirm-rollout', 'event', 'rollback', 'post-rollout'),
  ),
  url: fc.constantFrom('', 'loadtester', 'http://a/', 'https://a/', 'HTTP://a/', 'ftp://a/'),
});
const steps = fc.oneof(
  weight.map((iterations) => ({ iterations })),
  weight.map((stepWeight) => ({ stepWeight })),
  fc.array(weight, { maxLength: 3 }).map((stepWeights) => ({ stepWeights })),
);
const analysis = fc
  .record({
    maxWeight: maybe(weight),
    metrics: maybe(fc.array(metric, { maxLength: 2 })),
    webhooks: maybe(fc.array(webhook, { maxLength: 2 })),
    sessionAffinity: maybe(
      fc.record({
        cookieName: fc.constantFrom('a', 'b'),
        primaryCookieName: maybe(fc.constantFrom('a', 'b')),
      }),
    ),
  })
  .chain((fields) => steps.map((step) => ({ interval: '10s', threshold: 1, ...fields, ...step })));
const spec = fc.record({
  provider: maybe(
    fc.constantFrom(
      'nginx',
      'skipper',
      'apisix',
      'gatewayapi:v1',
      'appmesh',
      'knative',
      'kubernetes',
      'istio',
    ),
  ),
  targetRef: fc.oneof(
    reference('apps/v1', 'Deployment'),
    reference('v1', 'Service'),
    reference('serving.knative.dev/v1', 'Service'),
  ),
  autoscalerRef: maybe(reference('autoscaling/v2', 'HorizontalPodAutoscaler')),
  ingressRef: maybe(reference('networking.k8s.io/v1', 'Ingress')),
  routeRef: maybe(
    fc.oneof(
      reference('apisix.apache.org/v2', 'ApisixRoute'),
      reference('gateway.networking.k8s.io/v1', 'HTTPRoute'),
    ),
  ),
  service: maybe(
    fc.record({
      port: fc.constant(80),
      meshName: maybe(name),
      gatewayRefs: maybe(fc.array(fc.constant({ name: 'gateway' }), { maxLength: 1 })),
    }),
  ),
  skipAnalysis: maybe(fc.boolean()),
  analysis,
}) as fc.Arbitrary<CanarySpec>;

/** As the API server sees them: no field is undefined. */
const specs = JSON.parse(JSON.stringify(fc.sample(spec, { numRuns: 1500, seed: 312 }))) as CanarySpec[];
const rules = specRules.map(({ rule }) => rule);

function rulesIn(schema: StructuralSchema): string[] {
  const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
  return [
    ...(schema['x-kubernetes-validations'] ?? []).map(({ rule }) => rule),
    ...inner.flatMap((one) => (one ? rulesIn(one) : [])),
  ];
}

describe('the CEL rules of the CRD', () => {
  it('say of every spec what the rules at synth say', () => {
    expect(specs.every((one) => canarySpec.safeParse(one).success)).toBe(true);
    const ours = specs.map((one) => specRules.map(({ holds }) => holds(one)));
    expect(ours).toEqual(judge(rules, specs));
    // each rule is kept by some of them and broken by others
    for (const index of rules.keys())
      expect(new Set(ours.map((row) => row[index]))).toEqual(new Set([true, false]));
  });

  it('lead the virtual API server and the validation to the same verdict', () => {
    for (const one of specs.slice(0, 300)) {
      const object = { ...canaryWith(), spec: one };
      const refused = inspectManifest(object).some(({ level }) => level === 'error');
      expect([one, admit(schemaOf(Canaries), object, { verdicts }).errors.length > 0]).toEqual([
        one,
        refused,
      ]);
    }
  });

  it('are all known to the virtual API server', () => {
    expect(rulesIn(schemaOf(Canaries)).filter((rule) => !verdicts.has(rule))).toEqual([]);
  });

  it('hold for the manifests that people have', () => {
    const canaries = ['tutorial.yaml', 'everything.yaml'] as const;
    const given = canaries.flatMap(readManifests).filter(({ kind }) => kind === 'Canary');
    const verdict = judge(
      rules,
      given.map((canary) => canary.spec),
    );
    expect(verdict.flat().every(Boolean)).toBe(true);
  });

  it('are not asked of what stays as it is, so that an old canary can still be written to', () => {
    const old = canaryWith({ maxWeight: 150 }, { provider: 'istio' });
    const status = { ...old, status: { phase: 'Failed' } };
    expect(admit(schemaOf(Canaries), old, { verdicts }).errors).toEqual([
      { path: 'spec', message: expect.stringContaining('analysis.maxWeight: expected at most 100') },
    ]);
    expect(admit<object>(schemaOf(Canaries), status, { verdicts, before: old }).errors).toEqual([]);
  });
});
