import type { Command } from 'commander';
import { explainAnswer } from '../deploy/failure.js';
import type { KubeCluster } from '../kube/cluster.js';
import { connect } from '../kube/connect.js';
import { perchVersion } from './version.js';

export interface ClusterFlags {
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: string;
}

/** Gives a command the flags that say which cluster is meant, as kubectl has them. */
export function withCluster(command: Command): Command {
  return command
    .option('--context <name>', 'context of the kubeconfig (default: its current one)')
    .option('--kubeconfig <file>', 'default: KUBECONFIG, ~/.kube/config, or the account of the pod')
    .option('-n, --namespace <name>', "namespace of what names none (default: the context's)");
}

/** Connects, works, and closes; what the API server refuses becomes a reason and a remedy. */
export async function onCluster<T>(
  { context, kubeconfig }: ClusterFlags,
  work: (cluster: KubeCluster) => Promise<T>,
): Promise<T> {
  const cluster = await connect({
    version: perchVersion,
    kubectlOrder: true,
    ...(context ? { context } : {}),
    ...(kubeconfig ? { kubeconfig } : {}),
  });
  try {
    return await work(cluster);
  } catch (error) {
    throw explainAnswer(error);
  } finally {
    await cluster.close();
  }
}
