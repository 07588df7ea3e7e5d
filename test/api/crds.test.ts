import { parseAllDocuments } from 'yaml';
import { flaggerCrds, schemaOf } from '../../lib/api/crds.js';
import type { Kind } from '../../lib/api/kinds.js';
import { admit } from '../../lib/api/schema/admit.js';
import type { StructuralSchema } from '../../lib/api/schema/structural.js';
import { yamlDocuments } from '../../lib/cli/documents.js';
import { readManifests } from './fixtures/manifests.js';

const crds = flaggerCrds();
const versionOf = (plural: string) =>
  crds.find(({ spec }) => spec.names.plural === plural)!.spec.versions[0]!;
const schemaOfKind = (kind: string) => schemaOf({ kind } as Kind);

/** Every schema within a schema, with its path. */
function* schemas(schema: StructuralSchema, path = ''): Generator<[string, StructuralSchema]> {
  yield [path, schema];
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    yield* schemas(property, `${path}.${name}`);
  if (schema.items) yield* schemas(schema.items, `${path}[]`);
  if (schema.additionalProperties) yield* schemas(schema.additionalProperties, `${path}{}`);
}

/** Every path that a value fills, in the notation of `schemas`. */
function* filled(schema: StructuralSchema, value: unknown, path = ''): Generator<string> {
  yield path;
  if (Array.isArray(value)) {
    for (const item of value) yield* filled(schema.items ?? {}, item, `${path}[]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      const property = schema.properties?.[name];
      yield* property
        ? filled(property, field, `${path}.${name}`)
        : filled(schema.additionalProperties ?? {}, field, `${path}{}`);
    }
  }
}

const everything = readManifests('everything.yaml');

test('the three kinds of flagger.app/v1beta1 are defined, namespaced, with a status apart', () => {
  expect(crds.map(({ metadata }) => metadata.name)).toEqual([
    'canaries.flagger.app',
    'metrictemplates.flagger.app',
    'alertproviders.flagger.app',
  ]);
  for (const { spec } of crds) {
    expect(spec.scope).toBe('Namespaced');
    expect(spec.names.categories).toEqual(['all']);
    expect(spec.versions).toMatchObject([
      { name: 'v1beta1', served: true, storage: true, subresources: { status: {} } },
    ]);
  }
});

test('kubectl shows the columns that Flagger shows', () => {
  const columns = (plural: string) =>
    versionOf(plural).additionalPrinterColumns.map(({ name, priority = 0 }) => [name, priority]);
  expect(columns('canaries')).toEqual([
    ['Status', 0],
    ['Weight', 0],
    ['Suspended', 1],
    ['FailedChecks', 1],
    ['Interval', 1],
    ['Mirror', 1],
    ['StepWeight', 1],
    ['StepWeights', 1],
    ['MaxWeight', 1],
    ['LastTransitionTime', 0],
  ]);
  expect(columns('metrictemplates')).toEqual([['Provider', 0]]);
  expect(columns('alertproviders')).toEqual([['Type', 0]]);
});

test.each(['Canary', 'MetricTemplate', 'AlertProvider'])('the schema of %s is structural', (kind) => {
  for (const [path, schema] of schemas(schemaOfKind(kind))) {
    const where = `${path} ${JSON.stringify(Object.keys(schema))}`;
    // A node has a type, or else is an int-or-string; logical operators have neither types nor descriptions.
    expect([where, schema.type !== undefined]).toEqual([where, !schema['x-kubernetes-int-or-string']]);
    expect(JSON.stringify([schema.oneOf, schema.anyOf, schema.not])).not.toMatch(
      /"(type|description|default)":/,
    );
    for (const forbidden of ['$schema', '$ref', 'const', 'propertyNames'])
      expect(schema).not.toHaveProperty([forbidden]);
    expect([where, typeof schema.additionalProperties]).not.toEqual([where, 'boolean']);
  }
});

test('kubectl explain has a sentence for every field of a spec that is not a plain setting of Istio', () => {
  const silent = [...schemas(schemaOfKind('Canary'))].filter(
    ([path, schema]) =>
      /^\.spec\.[^[{]*$/.test(path) && !path.includes('trafficPolicy.') && schema.description === undefined,
  );
  const repeated = /\.(labels|annotations|add|set|remove)$/;
  expect(silent.map(([path]) => path).filter((path) => !repeated.test(path))).toEqual([]);
});

test('the fixtures leave no field out', () => {
  const manifests = [...everything, ...readManifests('tutorial.yaml')];
  // Alternatives of which each place shows one.
  const alternative = /\.(exact|prefix|suffix|regex)$|consistentHash\.(http\w*Name|useSourceIp)$/;
  for (const kind of ['Canary', 'MetricTemplate', 'AlertProvider']) {
    const schema = schemaOfKind(kind);
    const used = new Set(
      manifests.filter((object) => object.kind === kind).flatMap((object) => [...filled(schema, object)]),
    );
    const unused = [...schemas(schema)].map(([path]) => path).filter((path) => !used.has(path));
    expect(unused.filter((path) => !alternative.test(path))).toEqual([]);
  }
});

test.each(everything.map((object) => [object.kind, (object.metadata as { name: string }).name, object]))(
  'the %s %s keeps every field that it has',
  (kind, _, object) => {
    const { object: stored, errors } = admit(schemaOfKind(kind as string), object as object);
    expect(errors).toEqual([]);
    expect(stored).toEqual(object);
  },
);

test('the caller may change what it gets', () => {
  flaggerCrds()[0]!.spec.versions[0]!.additionalPrinterColumns.length = 0;
  expect(flaggerCrds()).toEqual(crds);
});

test('as YAML, the CRDs are three documents that say the same', () => {
  const text = yamlDocuments(crds);
  expect(parseAllDocuments(text).map((document) => document.toJS())).toEqual(crds);
  expect(text).not.toMatch(/[&*]a\d/);
});
