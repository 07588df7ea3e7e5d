import type { Kubectl } from './kubectl.ts';

/** Deletes namespaces: first their canaries, which a controller has to let go of. */
export async function removeNamespaces(kubectl: Kubectl, namespaces: readonly string[]): Promise<void> {
  if (await kubectl(['get', 'crd', 'canaries.flagger.app', '--ignore-not-found', '-o', 'name'])) {
    for (const namespace of namespaces) await removeCanaries(kubectl, namespace);
  }
  await kubectl(['delete', 'namespace', ...namespaces, '--ignore-not-found', '--timeout=180s']);
}

/** Each with its controller, which takes its finalizer off, or, where there is none any more, without. */
async function removeCanaries(kubectl: Kubectl, namespace: string): Promise<void> {
  const all = ['-n', namespace, 'delete', 'canaries.flagger.app', '--all', '--timeout=30s'];
  await kubectl(all).catch(async () => {
    const names = await kubectl(['-n', namespace, 'get', 'canaries.flagger.app', '-o', 'name']);
    for (const name of names.split('\n').filter(Boolean)) {
      const none = '{"metadata":{"finalizers":null}}';
      await kubectl(['-n', namespace, 'patch', name, '--type=merge', '-p', none]);
    }
  });
}
