import type { Kind, KubeObject } from '../api/kinds.js';

/** Definitions of a router's kinds, for stacks that leave these to the cluster: as the router's own, but with any field. */
export function definitionsOf(kinds: readonly Kind[]): KubeObject[] {
  const names = [...new Set(kinds.map(nameOf))];
  return names.map((name) => {
    const versions = kinds.filter((kind) => nameOf(kind) === name);
    const { group, kind, plural, namespaced } = versions[0]!;
    const spec = {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { kind, plural },
      versions: versions.map(({ version }, index) => ({
        ...{ name: version, served: true, storage: index === 0, subresources: { status: {} } },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      })),
    };
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name },
      spec,
    } as KubeObject;
  });
}

function nameOf({ group, plural }: Kind): string {
  return `${plural}.${group}`;
}
