import { Command } from 'commander';
import { changesAnything } from '../deploy/plan.js';
import { type ClusterFlags, withCluster } from './clusterFlags.js';
import { planText } from './deployView.js';
import { Ending } from './failure.js';
import { outputIsColoured, paintFor } from './paint.js';
import { onPlan, type PlanFlags, withPlan } from './planFlags.js';
import { withSource } from './source.js';

/** `perch diff main.ts`: what a deployment would change, by the API server's own account. */
export function diffCommand(): Command {
  const command = new Command('diff').description('say what a deployment would change');
  return withPlan(withCluster(withSource(command)))
    .addHelpText('after', '\nEnds with 0 when nothing would change, with 1 when something would.')
    .action(diff);
}

async function diff(program: string | undefined, flags: PlanFlags & ClusterFlags): Promise<void> {
  const plan = await onPlan(program, flags, (made) => made);
  process.stdout.write(planText(plan, paintFor(outputIsColoured())));
  if (changesAnything(plan)) throw new Ending(1);
}
