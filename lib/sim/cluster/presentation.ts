import type { KubeObject } from '../../api/kinds.js';
import { copy } from './json.js';
import type { Stored } from './objectStore.js';
import { type Managers, managedFields } from './ownership.js';

const rendered = new WeakMap<Managers, unknown[]>();

/** Rendered once for all who look at the same state of an object. */
function fieldsOf(managers: Managers): unknown[] {
  const known = rendered.get(managers) ?? managedFields(managers);
  rendered.set(managers, known);
  return known;
}

/** The object as it leaves the server: a copy, with its managed fields; only its metadata when that is asked for. */
export function present<T extends KubeObject>(stored: Stored, metadataOnly = false): T {
  const { object, managers } = stored;
  const { metadata, ...rest } = object;
  const described = { ...copy(metadata), managedFields: fieldsOf(managers) };
  if (!metadataOnly) return { ...copy(rest), metadata: described } as unknown as T;
  return {
    apiVersion: 'meta.k8s.io/v1',
    kind: 'PartialObjectMetadata',
    metadata: described,
  } as KubeObject as T;
}
