import { flaggerCrds } from '../../lib/api/crds.js';
import type { StructuralSchema } from '../../lib/api/schema/structural.js';
import { specRules } from '../../lib/api/validation/specRules.js';
import { judgements, namesIn, rowsUnder } from './page.js';

/** The paths of what a schema takes: `[]` for the items of a list, `*` for the keys of a map. */
function leaves(schema: StructuralSchema, path: string): string[] {
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([name, property]) =>
      leaves(property, `${path}.${name}`),
    );
  if (schema.items) return leaves(schema.items, `${path}[]`);
  // The lists of a map's values are values.
  if (schema.additionalProperties?.properties) return leaves(schema.additionalProperties, `${path}.*`);
  return [schema.additionalProperties ? `${path}.*` : path];
}

const served = flaggerCrds().flatMap(({ spec: { names, versions } }) => {
  const { spec, status } = versions[0]!.schema.openAPIV3Schema.properties!;
  const prefix = names.kind === 'Canary' ? '' : `${names.kind}.`;
  return [...leaves(spec!, `${prefix}spec`), ...(status ? leaves(status, `${prefix}status`) : [])];
});
const told = ['Canary: ', 'MetricTemplate and AlertProvider'].flatMap((title) =>
  rowsUnder(title, 'field').flatMap(({ field }) => namesIn(field)),
);

describe('the parity page', () => {
  it('tells of every field of the three kinds', () => {
    expect(served.filter((path) => !told.includes(path))).toEqual([]);
  });

  it('tells of no field that is not served, and of none twice', () => {
    expect(told.filter((path) => !served.includes(path))).toEqual([]);
    expect(told.filter((path, index) => told.indexOf(path) !== index)).toEqual([]);
  });

  it('tells of every rule that the CRD of Canary has', () => {
    const rows = [...rowsUnder('Validation', 'asked for'), ...rowsUnder('Validation', 'rule')];
    const named = rows.flatMap(({ rule, remarks }) => namesIn(rule ?? remarks));
    expect(new Set(named)).toEqual(new Set([...specRules.map(({ path }) => path)]));
    expect(rowsUnder('Validation', 'asked for')).toHaveLength(14);
  });

  it('uses four words, and says why where perch deviates', () => {
    const words = ['same', 'deviates', 'not yet', 'added'];
    expect(judgements().filter(({ status }) => !words.includes(status ?? ''))).toEqual([]);
    expect(judgements().filter(({ status, remarks }) => status === 'deviates' && !remarks)).toEqual([]);
  });
});
