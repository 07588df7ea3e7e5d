import type { Ground } from './ground.js';
import { virtualGround } from './virtualGround.js';

const open: Ground[] = [];

/** The virtual cluster, or the API server that SCENARIOS_KUBECONFIG leads to; `npm run e2e` sets it. */
export async function openGround(usersPerSecond = 0): Promise<Ground> {
  const kubeconfig = process.env.SCENARIOS_KUBECONFIG;
  const ground = kubeconfig ? await onCluster(kubeconfig, usersPerSecond) : virtualGround(usersPerSecond);
  open.push(ground);
  return ground;
}

async function onCluster(kubeconfig: string, usersPerSecond: number): Promise<Ground> {
  const { clusterGround } = await import('./cluster/clusterGround.js');
  return clusterGround(kubeconfig, usersPerSecond);
}

export async function closeGrounds(): Promise<void> {
  for (const ground of open.splice(0)) await ground.dispose();
}
