import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What each rule says of each value, in order. Throws where a rule is no CEL, or fails. */
export function judge(rules: readonly string[], values: readonly unknown[]): boolean[][] {
  const input = JSON.stringify({ rules, values });
  const output = execFileSync(process.execPath, [join(__dirname, 'celProcess.mjs')], {
    input,
    maxBuffer: 1e8,
  });
  return JSON.parse(output.toString()) as boolean[][];
}
