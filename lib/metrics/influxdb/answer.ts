import { PerchError } from '../../api/errors.js';
import type { Measurement } from '../../ports/metrics.js';
import type { Answer } from '../answer.js';
import { parseCsv } from './csv.js';

/** Flux's names of numbers. */
const numbers = new Set(['double', 'long', 'unsignedLong']);

/** A block of annotated CSV as it is read; a blank line ends it. */
interface Table {
  readonly datatypes: readonly string[];
  readonly defaults: readonly string[];
  readonly columns: readonly string[];
}

type Row = Readonly<Record<string, { readonly text: string; readonly datatype: string }>>;

/** The value of the first record that a Flux query's answer, in annotated CSV, has. */
export function readAnswer(answer: Answer): Measurement {
  const row = firstRow(answer.requireStatus());
  if (!row) return { kind: 'value', value: valueOfNoRow(answer) };
  if (row.error) throw queryError(answer.quote(row.error.text));
  const value = row._value;
  if (!value) {
    throw answer.unreadable(`expected a column _value, given ${Object.keys(row).filter(Boolean).join(', ')}`);
  }
  if (!numbers.has(value.datatype)) {
    throw answer.unreadable(`expected _value to be a double, given a ${value.datatype || 'text'}`);
  }
  return readNumber(value.text, answer);
}

/** As Flagger: a query that counts errors has no row when there are none. */
function valueOfNoRow(answer: Answer): number {
  const { body } = answer;
  if (body.trim() === '' || body.startsWith('#')) return 0;
  throw answer.unreadable('expected annotated CSV, given');
}

function readNumber(text: string, answer: Answer): Measurement {
  if (text === '' || text === 'NaN') return answer.noValues();
  const infinite = /^([+-]?)Inf$/.exec(text);
  if (infinite) return { kind: 'value', value: infinite[1] === '-' ? -Infinity : Infinity };
  const value = Number(text);
  if (Number.isNaN(value)) throw answer.unreadable('expected _value to be a number');
  return { kind: 'value', value };
}

function firstRow(answer: Answer): Row | undefined {
  let table: Table | undefined;
  let annotations: Record<string, readonly string[]> = {};
  for (const record of records(answer)) {
    const [first = ''] = record;
    if (first.startsWith('#')) {
      // The annotations of the next table.
      if (table) annotations = {};
      table = undefined;
      annotations[first.slice(1)] = record;
    } else if (record.length === 1 && first === '') {
      table = undefined;
      annotations = {};
    } else if (table) {
      return rowOf(table, record);
    } else {
      table = {
        columns: record,
        datatypes: annotations.datatype ?? [],
        defaults: annotations.default ?? [],
      };
    }
  }
  return undefined;
}

function records(answer: Answer): string[][] {
  try {
    return parseCsv(answer.body);
  } catch (error) {
    throw answer.unreadable(
      `expected annotated CSV, given ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function rowOf({ columns, datatypes, defaults }: Table, record: readonly string[]): Row {
  return Object.fromEntries(
    columns.map((column, index) => {
      const text = record[index] || defaults[index] || '';
      return [column, { text, datatype: datatypes[index] ?? '' }];
    }),
  );
}

/** What failed after the answer had begun stands in a table with the column `error`, its status being 200 by then. */
function queryError(text: string): PerchError {
  return new PerchError({
    code: 'METRIC_QUERY',
    message: `error response: the query failed: ${text}`,
    remedy: 'correct the query; the answer says what is wrong with it',
    path: 'spec.query',
  });
}
