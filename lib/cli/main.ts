import { commands } from './commands.js';
import { runPerch } from './program.js';

const terminal = {
  out: (text: string) => process.stdout.write(text),
  error: (text: string) => process.stderr.write(text),
  coloured: Boolean(process.stderr.isTTY) && !process.env.NO_COLOR,
  node: process.versions.node,
};

// A reader that stops early, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70));

runPerch(process.argv.slice(2), commands, terminal).then((code) => {
  process.exitCode = code;
});
