import type { KubeObject } from '../../api/kinds.js';
import { copy } from './json.js';
import type { Stored } from './objectStore.js';
import { managedFields } from './ownership.js';

/** The object as it leaves the server: a copy, with its managed fields; only its metadata when that is asked for. */
export function present<T extends KubeObject>(stored: Stored, metadataOnly = false): T {
  const { object, managers } = stored;
  const metadata = { ...object.metadata, managedFields: managedFields(managers) };
  if (!metadataOnly) return copy({ ...object, metadata }) as T;
  return copy({ apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata }) as KubeObject as T;
}
