import { PerchError } from '../api/errors.js';
import type { Kind, KubeObject } from '../api/kinds.js';
import type { Discovery } from '../ports/discovery.js';
import { installDefinitions, isOwn } from './definitions.js';
import { type Declared, type Item, titleOf } from './manifest.js';

interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

export function isDefinition(object: KubeObject): object is Definition {
  return (
    object.kind === 'CustomResourceDefinition' && /^apiextensions\.k8s\.io\//.test(object.apiVersion ?? '')
  );
}

/** The kinds that a CustomResourceDefinition defines. */
export function definedKinds({ spec }: Definition): Kind[] {
  const { group, names, scope } = spec;
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name }) => ({
      group,
      version: name,
      kind: names.kind,
      plural: names.plural,
      namespaced: scope === 'Namespaced',
    }));
}

/**
 * Finds out where the API server keeps each object: kinds that the program defines itself need not be there yet.
 * Namespaced objects without a namespace get `namespace`. An object of a kind that nobody knows gives the refusal.
 */
export async function resolveKinds(
  program: readonly Declared[],
  cluster: Discovery,
  namespace: string,
): Promise<(Item | PerchError)[]> {
  const defined = program.flatMap(({ object }) => (isDefinition(object) ? definedKinds(object) : []));
  const { kinds } = remembering(cluster);
  const items: (Item | PerchError)[] = [];
  for (const declared of program) {
    const [group, version] = splitVersion(declared.object.apiVersion ?? '');
    const fits = (kind: Kind) =>
      kind.group === group && kind.version === version && kind.kind === declared.object.kind;
    let kind = defined.find(fits);
    if (!kind) kind = (await kinds(group, version)).find(fits);
    items.push(
      kind ? { ...declared, kind, object: placed(declared.object, kind, namespace) } : unknownKind(declared),
    );
  }
  return items;
}

/** Asks the API server once for each group. */
export function remembering(cluster: Discovery): Discovery {
  const discovered = new Map<string, Promise<readonly Kind[]>>();
  return {
    kinds(group, version) {
      const key = `${group}/${version ?? ''}`;
      const asked = discovered.get(key) ?? cluster.kinds(group, version);
      discovered.set(key, asked);
      return asked;
    },
  };
}

function splitVersion(apiVersion: string): [group: string, version: string] {
  const parts = apiVersion.split('/');
  const version = parts.pop() ?? '';
  return [parts[0] ?? '', version];
}

function placed(object: KubeObject, { namespaced }: Kind, namespace: string): KubeObject {
  if (!namespaced || object.metadata.namespace) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function unknownKind({ object, path }: Declared): PerchError {
  return new PerchError({
    code: 'DEPLOY_UNKNOWN_KIND',
    message: `expected a kind that the cluster knows, got ${object.kind} of ${object.apiVersion}`,
    remedy: isOwn(object)
      ? installDefinitions
      : 'correct apiVersion and kind, or deploy its CustomResourceDefinition first or in the same program',
    path: path ?? titleOf(object),
  });
}
