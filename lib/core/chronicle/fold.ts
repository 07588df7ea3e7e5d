import type { RunRecord } from '../../api/canary.js';

/** Runs that are remembered. */
const mostRuns = 10;

/** UTF-8 bytes that they may take as JSON; a Kubernetes object may have about a million. */
const mostBytes = 32_768;

const encoder = new TextEncoder();

/** The newest runs that fit: the oldest steps give way first, but never a run's last; then the oldest runs. */
export function fold(runs: readonly RunRecord[]): RunRecord[] {
  const kept = runs.slice(-mostRuns);
  while (!fits(kept)) {
    const at = kept.findIndex(({ steps }) => steps.length > 1);
    const run = kept[at];
    if (run) kept[at] = withoutFirst(run);
    else if (kept.length > 1) kept.shift();
    else break;
  }
  return kept;
}

function withoutFirst(run: RunRecord): RunRecord {
  const { steps, folded = 0, ...rest } = run;
  return { ...rest, folded: folded + 1, steps: steps.slice(1) };
}

/** Do they as JSON? Each takes a comma or bracket more than itself. */
function fits(runs: readonly RunRecord[]): boolean {
  let bytes = 1;
  for (const { steps, ...run } of runs) {
    bytes += bytesOf({ ...run, steps: [] }) + 1;
    for (const step of steps) bytes += rememberedBytesOf(step) + 1;
    if (steps.length > 0) bytes -= 1;
  }
  return bytes <= mostBytes;
}

const measured = new WeakMap<object, number>();

/** Of a step, which stays as it is once it is taken, while the status is written many times. */
function rememberedBytesOf(step: object): number {
  const bytes = measured.get(step) ?? bytesOf(step);
  measured.set(step, bytes);
  return bytes;
}

function bytesOf(value: object): number {
  return encoder.encode(JSON.stringify(value)).length;
}
