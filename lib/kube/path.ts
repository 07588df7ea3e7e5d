import { apiVersion, type Kind } from '../api/kinds.js';

/** `/api/v1` or `/apis/<group>/<version>`. */
export function groupPath(kind: Kind): string {
  return `${kind.group ? '/apis' : '/api'}/${apiVersion(kind)}`;
}

/** Path of a kind's objects: in one namespace, or everywhere when it is empty or the kind knows none. */
export function collectionPath(kind: Kind, namespace = ''): string {
  const place = kind.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupPath(kind)}${place}/${kind.plural}`;
}

/** What asks a list or a watch for one object alone; authorisation looks for exactly this field. */
export function selectName(query: URLSearchParams, name: string | undefined): void {
  if (name !== undefined) query.set('fieldSelector', `metadata.name=${name}`);
}

export function objectPath(kind: Kind, key: { readonly namespace?: string; readonly name: string }): string {
  return `${collectionPath(kind, key.namespace)}/${encodeURIComponent(key.name)}`;
}
