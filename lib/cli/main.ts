import { commands } from './commands.js';
import { explain } from './failure.js';
import { runPerch } from './program.js';
import { unwritable } from './unwritable.js';

const terminal = {
  out: (text: string) => process.stdout.write(text),
  error: (text: string) => process.stderr.write(text),
  coloured: Boolean(process.stderr.isTTY) && !process.env.NO_COLOR,
  node: process.versions.node,
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that stops early, such as `head`, is no failure.
  if (error.code === 'EPIPE') process.exit(0);
  process.exit(explain(unwritable('standard output', 'perch', error), terminal));
});

runPerch(process.argv.slice(2), commands, terminal).then((code) => {
  process.exitCode = code;
});
