import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const text = readFileSync(join(__dirname, '../../docs/flagger-parity.md'), 'utf8');

/** The cells of a table's row by the words of its head. */
type Row = Readonly<Record<string, string>>;

function cells(line: string): string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** The tables of docs/flagger-parity.md under a heading that begins with `title`; a head of other words is passed by. */
export function rowsUnder(title: string, head: string): Row[] {
  const sections = text.split(/^## /m).filter((section) => section.startsWith(title));
  return sections.flatMap((section) => {
    const tables = section.match(/(?:^\|.*\n)+/gm) ?? [];
    return tables.flatMap((table) => {
      const [names, , ...rows] = table.trim().split('\n').map(cells);
      if (names?.[0] !== head) return [];
      return rows.map((row) => Object.fromEntries(names.map((name, column) => [name, row[column] ?? ''])));
    });
  });
}

/** What stands between backticks in a cell, with `{a, b}` written out. */
export function namesIn(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].flatMap(([, name]) => writtenOut(name!));
}

function writtenOut(name: string): string[] {
  const found = /\{([^{}]*)\}/.exec(name);
  if (!found) return [name];
  const [before, after] = [name.slice(0, found.index), name.slice(found.index + found[0].length)];
  return found[1]!.split(',').flatMap((part) => writtenOut(`${before}${part.trim()}${after}`));
}

/** Every row that says how alike the two are. */
export function judgements(): Row[] {
  return text
    .split(/^## /m)
    .flatMap((section) => section.match(/(?:^\|.*\n)+/gm) ?? [])
    .flatMap((table) => {
      const [names = [], , ...rows] = table.trim().split('\n').map(cells);
      if (!names.includes('status')) return [];
      return rows.map((row) => Object.fromEntries(names.map((name, column) => [name, row[column] ?? ''])));
    });
}
