import { Command } from 'commander';
import { applyPlan } from '../deploy/apply.js';
import { patienceOf } from '../deploy/patience.js';
import { changesAnything, type Plan } from '../deploy/plan.js';
import type { Report } from '../deploy/progress.js';
import { waitForDeployment } from '../deploy/wait.js';
import { revisionOf, serviceRevisionOf } from '../engine/targets/revision.js';
import { realClock } from '../kube/clock.js';
import type { KubeCluster } from '../kube/cluster.js';
import { type ClusterFlags, withCluster } from './clusterFlags.js';
import { planText, progressLine } from './deployView.js';
import { outputIsColoured, paintFor } from './paint.js';
import { onPlan, type PlanFlags, withPlan } from './planFlags.js';
import { withSource } from './source.js';
import { timeoutOption } from './timeout.js';

interface DeployFlags extends PlanFlags, ClusterFlags {
  readonly dryRun?: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

/** `perch deploy main.ts`: one command from a program to a cluster that runs it. */
export function deployCommand(): Command {
  const command = new Command('deploy').description(
    'apply what a program declares, and wait for what becomes of it',
  );
  return withPlan(withCluster(withSource(command)))
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--no-wait', 'do not wait for workloads and canaries')
    .addOption(timeoutOption('1h'))
    .addHelpText('after', '\nExample:\n  perch deploy main.ts --context staging')
    .action(deploy);
}

async function deploy(program: string | undefined, flags: DeployFlags): Promise<void> {
  await onPlan(program, flags, async (plan, cluster) => {
    process.stdout.write(planText(plan, paintFor(outputIsColoured())));
    if (!flags.dryRun) await carryOut(plan, flags, cluster);
  });
}

async function carryOut(plan: Plan, flags: DeployFlags, cluster: KubeCluster): Promise<void> {
  const paint = paintFor(outputIsColoured());
  const report: Report = (progress) => process.stdout.write(`${progressLine(progress, paint)}\n`);
  if (changesAnything(plan))
    await applyPlan(plan, { cluster, clock: realClock, report, timeoutMs: flags.timeout });
  if (!flags.wait) return;
  await waitForDeployment(plan, patienceOf(realClock, flags.timeout), {
    cluster,
    report,
    revisionOf,
    serviceRevisionOf,
  });
}
