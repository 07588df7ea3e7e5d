// Draws docs/rollout.svg, the README's picture, from what `perch demo --plain` prints.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const output = execFileSync(process.execPath, ['dist/perch.js', 'demo', '--plain'], { encoding: 'utf8' });
const lines = [...output.matchAll(/^(\d+):([\d.]+) (\S+) (\d+) (.*)$/gm)].map(
  ([, minutes, seconds, phase, weight, text]) => ({
    at: Number(minutes) * 60 + Number(seconds),
    phase,
    weight: Number(weight),
    text,
  }),
);

const runs = [];
for (const line of lines) {
  if (line.text.includes(' is released: ')) runs.push({ title: line.text, lines: [] });
  else if (runs.length > 0) runs.at(-1).lines.push(line);
}

const panel = { width: 290, height: 150, gap: 20, top: 44, left: 34 };
const font = 'font-family="ui-sans-serif, system-ui, sans-serif"';
const escapeXml = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);

function draw(run, index) {
  const start = run.lines[0].at;
  const end = run.lines.at(-1).at;
  const x = (at) => ((at - start) / (end - start)) * (panel.width - 10);
  const y = (weight) => panel.height - (weight / 60) * panel.height;
  const last = run.lines.at(-1);
  const colour = last.phase === 'Succeeded' ? '#2f9e44' : '#e03131';
  const path = run.lines.reduce(
    (d, { at, weight }) => `${d} H${x(at).toFixed(1)} V${y(weight).toFixed(1)}`,
    `M0 ${y(0)}`,
  );
  const halts = run.lines.filter(({ text }) => text.startsWith('Halt '));
  const marks = halts.map(
    ({ at, weight }) =>
      `<circle cx="${x(at).toFixed(1)}" cy="${y(weight).toFixed(1)}" r="3.5" fill="#e03131"/>`,
  );
  const reason = halts.at(-1)?.text.replace(/^Halt \S+ advancement /, '') ?? `all checks passed`;
  const [, image, what] = run.title.match(/([^/]+) is released: (.*)/);
  const ticks = [0, 25, 50].map(
    (weight) =>
      `<text x="-6" y="${y(weight) + 4}" text-anchor="end" font-size="10" fill="#868e96" ${font}>${weight}%</text><line x1="0" x2="${panel.width - 10}" y1="${y(weight)}" y2="${y(weight)}" stroke="#868e96" stroke-opacity=".25"/>`,
  );
  const outcome = `${last.phase === 'Succeeded' ? 'promoted' : 'rolled back'} after ${Math.round(end - start)} s: ${reason}`;
  return `<g transform="translate(${panel.left + index * (panel.width + panel.gap)} ${panel.top})">
<text y="-24" font-size="13" font-weight="600" fill="#868e96" ${font}>${escapeXml(image)}</text>
<text y="-8" font-size="11" fill="#868e96" ${font}>${escapeXml(what)}</text>
${ticks.join('\n')}
<path d="${path}" fill="none" stroke="${colour}" stroke-width="2.5"/>
${marks.join('\n')}
<text y="${panel.height + 18}" font-size="11" fill="${colour}" ${font}>${escapeXml(outcome)}</text>
</g>`;
}

const width = panel.left + runs.length * (panel.width + panel.gap);
writeFileSync(
  'docs/rollout.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${panel.top + panel.height + 30}" role="img" aria-label="Weight of the canary over time in three releases">
${runs.map(draw).join('\n')}
</svg>
`,
);
