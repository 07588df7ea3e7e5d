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

/** What a client is given of an object; only its metadata when that is asked for. */
export type Presentation = <T extends KubeObject>(stored: Stored, metadataOnly?: boolean) => T;

const partial = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' };

/** The object as it leaves the server: a copy, with its managed fields. */
export function present<T extends KubeObject>(stored: Stored, metadataOnly = false): T {
  const { object, ownership } = stored;
  const { metadata, ...rest } = object;
  const described = { ...copy(metadata), managedFields: fieldsOf(ownership.managers()) };
  if (!metadataOnly) return { ...copy(rest), metadata: described } as unknown as T;
  return { ...partial, metadata: described } as KubeObject as T;
}

/**
 * The stored object itself, for a client that changes nothing of what it is given, and drops the managed fields: so
 * what a write left as it was is the same object for it too.
 */
export function share<T extends KubeObject>({ object }: Stored, metadataOnly = false): T {
  return (metadataOnly ? { ...partial, metadata: object.metadata } : object) as KubeObject as T;
}
