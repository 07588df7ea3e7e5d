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
export function policyTable(rows: readonly PolicyRow[]): string {
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

/** Share of the releases that is rolled back, a bar a kind: healthy ones should have none, the others a whole one. */
export function policyChart(rows: readonly PolicyRow[]): string {
  const [left, width, height] = [150, 300, 22];
  const bars = rows.map(({ kind, healthy, rolledBack }, at) => {
    const y = 30 + at * height;
    const colour = healthy === rolledBack < 0.5 ? '#2f9e44' : '#e03131';
    const label = `${(rolledBack * 100).toFixed(0)} %`;
    return [
      `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${kind}</text>`,
      `<rect x="${left}" y="${y}" width="${(rolledBack * width).toFixed(1)}" height="${height - 6}" fill="${colour}"/>`,
      `<text x="${left + rolledBack * width + 6}" y="${y + 12}">${label}</text>`,
    ].join('');
  });
  const size = `viewBox="0 0 ${left + width + 60} ${40 + rows.length * height}"`;
  const title = '<text x="8" y="16" font-weight="600">Releases rolled back</text>';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12">\n${[title, ...bars].join('\n')}\n</svg>\n`;
}
