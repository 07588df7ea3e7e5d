import type { Dress } from './memoryObjects.js';
import { MemoryObjects } from './memoryObjects.js';
import { createEstate, type Estate, ServerObjects } from './serverObjects.js';

const open: ServerObjects[] = [];
let estate: Promise<Estate> | undefined;

/** Objects in memory, or on the API server that ROUTERS_KUBECONFIG leads to; `npm run e2e` sets it. */
export function routerObjects(dress?: Dress): MemoryObjects {
  const kubeconfig = process.env.ROUTERS_KUBECONFIG;
  if (!kubeconfig) return new MemoryObjects(dress);
  const objects = new ServerObjects(() => {
    estate ??= createEstate(kubeconfig);
    return estate;
  }, dress);
  open.push(objects);
  return objects;
}

/** After each test: what it wrote goes. */
export async function clearRouterObjects(): Promise<void> {
  for (const objects of open.splice(0)) await objects.dispose();
}

/** After the last test of a file. */
export async function leaveRouterObjects(): Promise<void> {
  await (await estate)?.dispose();
  estate = undefined;
}
