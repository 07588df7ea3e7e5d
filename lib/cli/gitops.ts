import { Argument, Command } from 'commander';
import { controlledFields } from '../api/controlledFields.js';
import { type GitopsTool, gitopsSettings } from './gitopsSettings.js';
import { readDeclared, type SourceFlags, withSource } from './source.js';

/** `perch gitops argocd main.ts`: what a GitOps tool must leave to the controller, in the tool's own words. */
export function gitopsCommand(): Command {
  const command = new Command('gitops')
    .description('print what Argo CD or Flux must leave to the controller')
    .addArgument(new Argument('<tool>', 'who deploys the manifests').choices(['argocd', 'flux']));
  return withSource(command)
    .addHelpText('after', '\nExample:\n  perch gitops argocd main.ts')
    .action(async (tool: GitopsTool, program: string | undefined, flags: SourceFlags) => {
      const objects = (await readDeclared(program, flags)).map(({ object }) => object);
      process.stdout.write(gitopsSettings(tool, controlledFields(objects)));
    });
}
