import { Canaries } from '../../lib/api/canary.js';
import { schemaOf } from '../../lib/api/crds.js';
import { MetricTemplates } from '../../lib/api/metricTemplate.js';
import { admit } from '../../lib/api/schema/admit.js';
import type { StructuralSchema } from '../../lib/api/schema/structural.js';
import { verdicts } from '../../lib/api/validation/specRules.js';
import { canaryWith, readManifests } from './fixtures/manifests.js';
import { refusedAnalyses, refusedSpecs } from './fixtures/refused.js';

const schema = schemaOf(Canaries);
const complaints = (canary: object) =>
  admit(schema, canary).errors.map(({ path, message }) => `${path || '<nil>'}: ${message}`);

test.each(refusedSpecs)('a spec with %j is refused as an API server does', (spec, complaint) => {
  expect(complaints(canaryWith({}, spec))).toEqual([complaint]);
});

test.each(refusedAnalyses)('an analysis with %j is refused as an API server does', (analysis, complaint) => {
  expect(complaints(canaryWith(analysis))).toEqual([complaint]);
});

test('why none of the alternatives holds is explained by the first', () => {
  const analysis = { stepWeight: undefined, maxWeight: undefined };
  expect(complaints(canaryWith(analysis))).toEqual([
    '<nil>: Invalid value: "": "spec.analysis" must validate one and only one schema (oneOf). Found none valid',
    'spec.analysis.iterations: Required value',
  ]);
});

test.each([
  [
    'of a wrong type keeps an API server from its rules, which it says',
    { interval: 10 },
    ['Invalid value: "integer"', 'Invalid value: null: some validation rules were not checked'],
  ],
  [
    'out of bounds does not',
    { interval: '1h' },
    ['Invalid value: "1h"', 'Invalid value: "object": analysis.maxWeight: expected'],
  ],
])('a field %s', (_, analysis, texts) => {
  const { errors } = admit(schema, canaryWith({ maxWeight: 150, ...analysis }, { provider: 'istio' }), {
    verdicts,
  });
  expect(errors.map(({ message }) => message)).toEqual(texts.map((text) => expect.stringContaining(text)));
});

test('a value of a wrong type is held against the other rules too', () => {
  const { errors } = admit(schema, { ...canaryWith(), spec: { ...canaryWith().spec, analysis: 'fast' } });
  expect(errors.map(({ message }) => message)).toEqual([
    'Invalid value: "string": spec.analysis in body must be of type object: "string"',
    'Invalid value: "": "spec.analysis" must validate one and only one schema (oneOf). Found 3 valid alternatives',
  ]);
});

test('what the schema does not list is dropped, and said', () => {
  const { object, errors, pruned } = admit(schema, {
    ...canaryWith({}, { service: { port: 80, bogus: 1 }, canaryAnalysis: {} }),
    extra: true,
  });
  expect(errors).toEqual([]);
  expect(pruned.map(({ path }) => path)).toEqual(['spec.service.bogus', 'spec.canaryAnalysis', 'extra']);
  expect(object).toEqual(canaryWith());
});

test('names of the language are fields like any other', () => {
  const { pruned } = admit(schema, canaryWith({}, { constructor: 'a', toString: 'b' }));
  expect(pruned.map(({ path }) => path)).toEqual(['spec.constructor', 'spec.toString']);
});

test('a status that the schema does not know is dropped', () => {
  const template = { ...readManifests('tutorial.yaml')[1]!, status: { conditions: [] } };
  expect(admit(schemaOf(MetricTemplates), template).object).not.toHaveProperty('status');
});

test('defaults are filled in, also in place of null', () => {
  const { object, errors } = admit(
    schema,
    canaryWith(
      { sessionAffinity: { cookieName: 'a', maxAge: null } },
      {
        service: {
          port: 80,
          mirror: [{ backendRef: { name: 'x', port: 80 } }],
          gatewayRefs: [{ name: 'g' }],
        },
      },
    ),
  );
  expect(errors).toEqual([]);
  expect(object.spec.analysis.sessionAffinity).toEqual({ cookieName: 'a', maxAge: 86400 });
  expect(object.spec.service?.mirror).toEqual([
    { backendRef: { group: '', kind: 'Service', name: 'x', port: 80 } },
  ]);
  expect(object.spec.service?.gatewayRefs).toEqual([
    { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' },
  ]);
});

test('a null without a default counts as absent, in maps too', () => {
  const webhooks = [{ name: 'a', url: 'b', type: null, metadata: { x: null } }];
  const { object, errors } = admit(schema, canaryWith({ webhooks }, { metricsServer: null }));
  expect(errors).toEqual([]);
  expect(object.spec).not.toHaveProperty('metricsServer');
  expect(object.spec.analysis.webhooks).toEqual([{ name: 'a', url: 'b', metadata: {} }]);
});

test('the object that is given stays as it is', () => {
  const given = canaryWith({ sessionAffinity: { cookieName: 'a' } }, { bogus: 1 });
  const before = structuredClone(given);
  admit(schema, given);
  expect(given).toEqual(before);
});

test('what two places share is pruned in each by its own schema', () => {
  const shared = { name: 'a', cookieName: 'b' };
  const { object, errors } = admit(
    schema,
    canaryWith({ sessionAffinity: shared, alerts: [{ name: 'a', providerRef: shared }] }),
  );
  expect(errors).toEqual([]);
  expect(object.spec.analysis.sessionAffinity).toEqual({ cookieName: 'b', maxAge: 86400 });
  expect(object.spec.analysis.alerts?.[0]?.providerRef).toEqual({ name: 'a' });
});

test('fields beneath a schema that preserves them are kept', () => {
  const open: StructuralSchema = {
    type: 'object',
    properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  };
  expect(admit(open, { spec: { a: { b: [1] } } }).object).toEqual({ spec: { a: { b: [1] } } });
});

test('the logical operators hold as in JSON Schema', () => {
  const choice: StructuralSchema = {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' }, c: { type: 'number', nullable: true } },
    anyOf: [{ required: ['a'] }, { required: ['b'] }],
    allOf: [{ properties: { a: { maximum: 5 } } }],
    not: { required: ['a', 'b'] },
  };
  const count = (object: object) => admit(choice, object).errors.length;
  expect(count({ a: 1 })).toBe(0);
  expect(count({ b: 1, c: null })).toBe(0);
  expect(count({})).toBe(1);
  expect(count({ a: 1, b: 1 })).toBe(1);
  expect(count({ a: 6 })).toBe(1);
});

test('an object is judged the same whether or not what stays of a settled one is passed over', () => {
  const settled = admit(schema, canaryWith()).object as object;
  for (const [analysis, spec] of [
    [{}, {}],
    [{ threshold: 7 }, {}],
    [{ interval: 10 }, { service: { port: 80, bogus: 1 } }],
    [{ stepWeight: undefined, maxWeight: undefined }, {}],
    [{ metrics: [{ name: 'latency', bogus: true }] }, { provider: 'no such' }],
  ] as const) {
    const canary: object = canaryWith(analysis, spec);
    const told = admit(schema, canary, { before: settled, isSettled: true });
    expect(told).toEqual(admit(schema, canary));
  }
  expect(admit(schema, { ...settled }, { before: settled, isSettled: true }).object).toBe(settled);
});
