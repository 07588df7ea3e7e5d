import { Command } from 'commander';

/** Of package.json: bundled into dist/perch.js, read beside it otherwise. */
export const perchVersion: string = (require('../../package.json') as { version: string }).version;

export function versionCommand(): Command {
  return new Command('version').description('print the version of perch').action(() => {
    process.stdout.write(`${perchVersion}\n`);
  });
}
