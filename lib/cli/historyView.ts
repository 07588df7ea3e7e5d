import type { RunRecord, RunStep } from '../api/canary/history.js';
import { formatDuration } from '../api/duration.js';
import type { Paint } from './paint.js';

/** One run a line, the newest last, and its steps below it when asked for. */
export function historyText(runs: readonly RunRecord[], steps: boolean, paint: Paint): string {
  if (runs.length === 0) return 'no releases yet\n';
  const lines = runs.flatMap((run) => [runLine(run, paint), ...(steps ? run.steps.map(stepLine) : [])]);
  return `${lines.join('\n')}\n`;
}

function runLine(
  { startedAt, endedAt, from, to, revision, outcome, cause }: RunRecord,
  paint: Paint,
): string {
  const what = to ? `${from ? `${from} → ` : ''}${to}` : revision;
  if (!endedAt) return `${startedAt}  ${what}  ${paint.yellow('is under way')}`;
  const took = formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
  const colour = outcome === 'Succeeded' ? paint.green : outcome === 'Failed' ? paint.red : paint.faint;
  return `${startedAt}  ${what}  ${colour(outcome ?? '')} after ${took}${cause ? `: ${cause}` : ''}`;
}

function stepLine({ at, weight, iteration, reason, message, times }: RunStep): string {
  const where = iteration === undefined ? `${weight}%` : `#${iteration}`;
  return `    ${at}  ${where.padStart(4)}  ${message ?? reason}${times ? ` (${times} times)` : ''}`;
}
