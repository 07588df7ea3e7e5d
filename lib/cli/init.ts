import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { PerchError } from '../api/errors.js';
import { projectFiles } from './initFiles.js';
import { perchDependency } from './perchDependency.js';
import { writing } from './unwritable.js';

/** `perch init shop`: a project that deploys at once. */
export function initCommand(): Command {
  return new Command('init')
    .description('start a project that deploys at once')
    .argument('[folder]', 'made if it is not there', '.')
    .option('--pulumi', 'a Pulumi project instead of a cdk8s one')
    .addHelpText(
      'after',
      '\nExample:\n  perch init shop && cd shop && npm install && npx perch deploy main.ts',
    )
    .action(async (folder: string, { pulumi = false }: { readonly pulumi?: boolean }) => {
      const files = projectFiles(projectName(resolve(folder)), perchDependency(), pulumi);
      await writing(folder, 'perch init', () => writeProject(resolve(folder), files));
      const next = pulumi ? 'pulumi stack init dev && pulumi up' : 'npx perch deploy main.ts';
      const enter = resolve(folder) === process.cwd() ? '' : `cd ${folder} && `;
      process.stdout.write(`${Object.keys(files).join('\n')}\n\nNext: ${enter}npm install && ${next}\n`);
    });
}

function writeProject(folder: string, files: Readonly<Record<string, string>>): void {
  const taken = existsSync(folder) ? readdirSync(folder).filter((name) => Object.hasOwn(files, name)) : [];
  if (taken.length > 0) {
    throw new PerchError({
      code: 'INIT_FILES_EXIST',
      message: `expected a folder without a project, found ${taken.join(', ')}`,
      remedy: 'name another folder; nothing was written',
      path: folder,
    });
  }
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '');
  // npm refuses a package that depends on its own name.
  return name === 'perch' ? 'perch-app' : name.slice(0, 40) || 'app';
}
