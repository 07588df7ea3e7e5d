import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PerchError } from '../../lib/api/errors.js';

const root = join(__dirname, '../..');

const sources = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(root, 'lib', file), 'utf8'))
  .join('\n');

/** Quoted names in upper case with an underscore, which is how codes and little else look. */
function codesIn(text: string): string[] {
  return [...text.matchAll(/['"`]([A-Z][A-Z0-9]*_[A-Z0-9_]+)['"`]/g)].map(([, code]) => code!);
}

const given = new Set([...sources.matchAll(/\bcode: ?([^;,]*)/g)].flatMap(([, value]) => codesIn(value!)));
const mentioned = new Set(codesIn(sources));

const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `'));
const documented = rows.map((row) => /^\| `([A-Z0-9_]+)` *\|/.exec(row)?.[1] ?? row);

test('every code that an error is given stands in docs/errors.md', () => {
  expect([...given].filter((code) => !documented.includes(code)).sort()).toEqual([]);
});

test('no code stands in docs/errors.md that the sources do not know', () => {
  expect(documented.filter((code) => !mentioned.has(code))).toEqual([]);
});

test('the codes are sorted, each with what it means and how to solve it', () => {
  expect(documented).toEqual([...documented].sort());
  for (const row of rows)
    expect(row.split(/(?<!\\)\|/).map((cell) => cell.trim() !== '')).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
});

test('an error prints its place, what is wrong, the remedy and the code', () => {
  const cause = new Error('refused');
  const error = new PerchError({
    code: 'A_B',
    message: 'expected 1, got 2',
    remedy: 'Write 1.',
    path: 'app/x',
    cause,
  });
  expect(`${error}`).toBe('app/x: expected 1, got 2\n  remedy: Write 1. [A_B]');
  expect(error.cause).toBe(cause);
  expect(`${new PerchError({ code: 'A_B', message: 'no', remedy: 'Yes.' })}`).toBe(
    'no\n  remedy: Yes. [A_B]',
  );
});
