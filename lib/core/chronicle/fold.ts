import type { RunRecord } from '../../api/canary.js';

/** Runs that are remembered. */
const mostRuns = 10;

/** UTF-8 bytes that they may take as JSON; a Kubernetes object may have about a million. */
const mostBytes = 32_768;

/** UTF-8 bytes that a UTF-16 unit may take. */
const mostBytesOfUnit = 3;

const encoder = new TextEncoder();

/** The newest runs that fit: the oldest steps give way first, but never a run's last; then the oldest runs. */
export function fold(runs: readonly RunRecord[]): RunRecord[] {
  const kept = runs.slice(-mostRuns);
  while (!fits(JSON.stringify(kept))) {
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

function fits(text: string): boolean {
  return text.length * mostBytesOfUnit <= mostBytes || encoder.encode(text).length <= mostBytes;
}
