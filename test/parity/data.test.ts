import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Parity, parity } from '../../lib/migrate/parity.js';
import { namesIn, rowsUnder } from './page.js';

const text = (cell: string | undefined) => (cell ?? '').replace(/\[([^\]]+)\]\([^)]+\)/g, '$1');

/** What the page says, as data. */
function tabulate(): Parity {
  const fields = ['Canary: ', 'MetricTemplate and AlertProvider'].flatMap((title) =>
    rowsUnder(title, 'field'),
  );
  return {
    fields: fields
      .filter(({ status }) => status !== 'same' && status !== 'added')
      .map(({ field, status = '', remarks }) => ({ fields: namesIn(field), status, remarks: text(remarks) })),
    behaviours: rowsUnder('Behaviour', 'Flagger 1.44').map((row) => ({
      flagger: text(row['Flagger 1.44']),
      perch: text(row.perch),
    })),
    routers: rowsUnder('Routers', 'provider').map((row) => ({
      providers: namesIn(row.provider),
      flagger: text(row['Flagger 1.44']),
      perch: text(row.perch),
    })),
    flags: rowsUnder('Flags', 'flag').map(({ flag, status = '', remarks }) => ({
      flags: namesIn(flag),
      status,
      remarks: text(remarks),
    })),
  };
}

/** One row a line, so that a change reads like the page's. */
function asJson(data: Parity): string {
  const tables = Object.entries(data).map(([name, rows]: [string, readonly object[]]) => {
    const lines = rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
    return `  ${JSON.stringify(name)}: [\n${lines}\n  ]`;
  });
  return `{\n${tables.join(',\n')}\n}\n`;
}

test('perch migrate knows what the parity page says', () => {
  const said = tabulate();
  // After a change of the page: UPDATE_EXPECTED=1 npx jest test/parity
  if (process.env.UPDATE_EXPECTED)
    writeFileSync(join(__dirname, '../../lib/migrate/parity.json'), asJson(said));
  else expect(parity).toEqual(said);
});
