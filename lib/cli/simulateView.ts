import { formatDuration } from '../api/duration.js';
import type { PolicyRow } from '../testing/policy.js';

function seconds(ms: number | undefined): string {
  return ms === undefined ? '-' : formatDuration(Math.round(ms / 1000) * 1000);
}

const columns: readonly (readonly [string, (row: PolicyRow) => string])[] = [
  ['release', ({ kind }) => kind],
  ['rolled back', ({ rolledBack }) => `${(rolledBack * 100).toFixed(1)} %`],
  ['median', ({ medianRollbackMs }) => seconds(medianRollbackMs)],
  ['p95', ({ p95RollbackMs }) => seconds(p95RollbackMs)],
  ['failed requests', ({ failedRequests }) => failedRequests.toFixed(0)],
  ['exposed requests', ({ exposedRequests }) => exposedRequests.toFixed(0)],
];

/** A line a kind of release, under a heading. */
function policyTable(rows: readonly PolicyRow[]): string {
  const cells = [
    columns.map(([heading]) => heading),
    ...rows.map((row) => columns.map(([, read]) => read(row))),
  ];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => line[at]!.length)));
  return cells
    .map((line) =>
      line.map((cell, at) => (at ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join('  '),
    )
    .join('\n');
}

/** A policy, tried. */
export interface Trial {
  readonly title: string;
  readonly rows: readonly PolicyRow[];
  /** In a sentence. */
  readonly weakest: string;
}

/** For people: a table a trial, under its title, and below it the weakest point. */
export function policyReport(trials: readonly Trial[]): string {
  return trials
    .map(({ title, rows, weakest }) => `${title}\n\n${policyTable(rows)}\n\n${weakest}\n`)
    .join('\n');
}

/** For programs; docs/testing.md says what each field is. */
export function policyJson(given: object, [trial, compared]: readonly Trial[]): string {
  const figures = ({ weakest, rows }: Trial) => ({ weakest, rows });
  const all = { ...given, ...(trial && figures(trial)), ...(compared && { compared: figures(compared) }) };
  return `${JSON.stringify(all, null, 2)}\n`;
}

const [left, width, height, heading] = [150, 300, 22, 30];

/** Share of the releases that is rolled back, a bar a kind: healthy ones should have none, the others a whole one. */
export function policyChart(trials: readonly Trial[]): string {
  const parts: string[] = [];
  let top = 0;
  for (const { title, rows, weakest } of trials) {
    parts.push(`<text x="8" y="${top + 16}" font-weight="600">Rolled back: ${escaped(title)}</text>`);
    parts.push(...rows.map((row, at) => bar(row, top + heading + at * height)));
    top += heading + rows.length * height + 30;
    parts.push(`<text x="8" y="${top - 14}">${escaped(weakest)}</text>`);
  }
  const [whole, full] = [left + width + 110, top + 6];
  const ground = `<rect width="${whole}" height="${full}" fill="#fff"/>`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${full}"`;
  return `${head} font-family="sans-serif" font-size="12">\n${[ground, ...parts].join('\n')}\n</svg>\n`;
}

/** What has gone wrong is red, even where the bar is none. */
function bar({ kind, healthy, rolledBack }: PolicyRow, y: number): string {
  const colour = healthy === rolledBack < 0.5 ? '#2f9e44' : '#e03131';
  const label = `${(rolledBack * 100).toFixed(0)} %`;
  return [
    `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${escaped(kind)}</text>`,
    `<rect x="${left}" y="${y}" width="${(rolledBack * width).toFixed(1)}" height="${height - 6}" fill="${colour}"/>`,
    `<text x="${left + rolledBack * width + 6}" y="${y + 12}" fill="${colour}">${label}</text>`,
  ].join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
