import type { Ground } from './ground.ts';
import type { Kubectl } from './kubectl.ts';

/** Removes what an earlier run left in the namespaces; throws where they may be somebody else's. */
export async function clearGround(
  { kubectl, cluster }: Ground,
  namespaces: readonly string[],
  remove: () => Promise<void>,
): Promise<void> {
  const there = await kubectl(['get', 'namespace', ...namespaces, '--ignore-not-found', '-o', 'name']);
  if (there && !cluster.disposable) throw new Error(`this would be removed in the end:\n${there}`);
  if (there) await remove();
}

/** Deletes namespaces: first their canaries, which a controller has to let go of. */
export async function removeNamespaces(kubectl: Kubectl, namespaces: readonly string[]): Promise<void> {
  if (await haveCanaries(kubectl)) {
    for (const namespace of namespaces) await removeCanaries(kubectl, namespace);
  }
  await kubectl(['delete', 'namespace', ...namespaces, '--ignore-not-found', '--timeout=180s']);
}

/**
 * Ends the controller, and then takes its finalizer off the canaries of a namespace: a live one would put it back, and
 * of a gone one nobody takes it off.
 */
export async function releaseCanaries(
  kubectl: Kubectl,
  controller: { readonly namespace: string; readonly name: string },
  namespace: string,
): Promise<void> {
  if (!(await haveCanaries(kubectl))) return;
  const deployment = ['-n', controller.namespace, 'delete', 'deployment', controller.name];
  await kubectl([...deployment, '--ignore-not-found', '--cascade=foreground', '--timeout=60s']);
  await freeCanaries(kubectl, namespace);
}

async function haveCanaries(kubectl: Kubectl): Promise<boolean> {
  return (await kubectl(['get', 'crd', 'canaries.flagger.app', '--ignore-not-found', '-o', 'name'])) !== '';
}

/** Each with its controller, which takes its finalizer off, or, where there is none any more, without. */
async function removeCanaries(kubectl: Kubectl, namespace: string): Promise<void> {
  const all = ['-n', namespace, 'delete', 'canaries.flagger.app', '--all', '--timeout=30s'];
  await kubectl(all).catch(() => freeCanaries(kubectl, namespace));
}

async function freeCanaries(kubectl: Kubectl, namespace: string): Promise<void> {
  const names = await kubectl(['-n', namespace, 'get', 'canaries.flagger.app', '-o', 'name']);
  for (const name of names.split('\n').filter(Boolean)) {
    const none = '{"metadata":{"finalizers":null}}';
    await kubectl(['-n', namespace, 'patch', name, '--type=merge', '-p', none]);
  }
}
