import { Canaries, canarySpec } from '../../lib/api/canary.js';
import { schemaOf } from '../../lib/api/crds.js';
import { admit } from '../../lib/api/schema/admit.js';
import type { StructuralSchema } from '../../lib/api/schema/structural.js';
import { specRules, verdicts } from '../../lib/api/validation/specRules.js';
import { inspectManifest } from '../../lib/api/validation.js';
import { judge } from './cel.js';
import { canaryWith, readManifests } from './fixtures/manifests.js';
import { sampleSpecs } from './fixtures/specs.js';

const specs = sampleSpecs(1500);
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
