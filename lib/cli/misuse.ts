import { PerchError } from '../api/errors.js';
import { Ending } from './failure.js';

/** The others are about what a flag or an argument is given. */
const codes: Readonly<Record<string, string>> = {
  'commander.unknownOption': 'CLI_UNKNOWN_FLAG',
  'commander.excessArguments': 'CLI_UNEXPECTED_ARGUMENT',
};

/** What commander throws, in perch's own form; it does so after it has shown its help, too. `line` is `perch synth`. */
export function explainMisuse(error: unknown, line: string): unknown {
  if (!(error instanceof Error && 'code' in error && 'exitCode' in error)) return error;
  const { code, exitCode, message } = error;
  if (!`${code}`.startsWith('commander.')) return error;
  if (exitCode === 0) return new Ending(0);
  const [said = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const meant = /Did you mean (.*\?)/.exec(suggestion ?? '')?.[1];
  return new PerchError({
    code: codes[`${code}`] ?? 'CLI_FLAG_VALUE',
    message: said,
    remedy: `${meant ? `did you mean ${meant} ` : ''}${line} --help shows what it takes`,
    path: line,
  });
}
