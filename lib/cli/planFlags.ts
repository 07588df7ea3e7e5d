import type { Command } from 'commander';
import { type Plan, planDeployment } from '../deploy/plan.js';
import type { KubeCluster } from '../kube/cluster.js';
import { applicationName, programIdentity } from './application.js';
import { type ClusterFlags, namespaceOf } from './clusterFlags.js';
import { readDeclared, type SourceFlags } from './source.js';
import { perchVersion } from './version.js';

export interface PlanFlags extends SourceFlags {
  readonly name?: string;
  readonly prune: boolean;
  readonly forceConflicts?: boolean;
  readonly takeOver?: boolean;
}

/** Gives a command the flags that say what a deployment may do. */
export function withPlan(command: Command): Command {
  return command
    .option('--name <name>', 'name of the application (default: of the folder that the program is in)')
    .option('--no-prune', 'keep what an earlier deployment made and the program no longer names')
    .option('--force-conflicts', 'overwrite fields that somebody else has set')
    .option('--take-over', 'go on with an application that another program has deployed');
}

export async function makePlan(
  program: string | undefined,
  flags: PlanFlags & ClusterFlags,
  cluster: KubeCluster,
): Promise<Plan> {
  const name = applicationName(program, flags.name);
  const namespace = namespaceOf(flags, cluster);
  return planDeployment(await readDeclared(program, flags), cluster, {
    application: { name, namespace, program: programIdentity(program, name), version: perchVersion },
    namespace,
    force: flags.forceConflicts ?? false,
    takeOver: flags.takeOver ?? false,
    prune: flags.prune,
  });
}
