import type { Command } from 'commander';
import { type Plan, planDeployment } from '../deploy/plan.js';
import type { KubeCluster } from '../kube/cluster.js';
import { applicationName, programIdentity } from './application.js';
import { namespaceOf } from './canaryKey.js';
import { type ClusterFlags, onCluster } from './clusterFlags.js';
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

/** Plans with what the program declares on the flags' cluster, which is reached only once that is known; `work` gets both. */
export async function onPlan<T>(
  program: string | undefined,
  flags: PlanFlags & ClusterFlags,
  work: (plan: Plan, cluster: KubeCluster) => Promise<T> | T,
): Promise<T> {
  const name = applicationName(program, flags.name);
  const declared = await readDeclared(program, flags);
  return onCluster(flags, async (cluster) => {
    const namespace = namespaceOf(flags, cluster);
    const plan = await planDeployment(declared, cluster, {
      application: { name, namespace, program: programIdentity(program, name), version: perchVersion },
      namespace,
      force: flags.forceConflicts ?? false,
      takeOver: flags.takeOver ?? false,
      prune: flags.prune,
    });
    return work(plan, cluster);
  });
}
