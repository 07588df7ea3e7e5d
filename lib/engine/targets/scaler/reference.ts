import type { AutoscalerRef, Canary } from '../../../api/canary.js';
import { PerchError } from '../../../api/errors.js';
import type { Kind, KubeObject } from '../../../api/kinds.js';
import type { ObjectKey } from '../../../ports/cluster.js';
import type { Objects } from '../../../ports/objects.js';

/** A canary's scaler, its reference to it, and the key of the primary's copy. */
export interface ReferredScaler<T extends KubeObject> {
  readonly source: T;
  readonly ref: AutoscalerRef;
  readonly key: ObjectKey;
  readonly primaryKey: ObjectKey;
}

export function findScaler<T extends KubeObject>(
  objects: Objects,
  canary: Canary,
  kind: Kind<T>,
): ReferredScaler<T> | undefined {
  const ref = canary.spec.autoscalerRef;
  if (!ref) return undefined;
  const key = { namespace: canary.metadata.namespace ?? '', name: ref.name };
  const source = objects.read(kind, key);
  return source && { source, ref, key, primaryKey: { ...key, name: `${ref.name}-primary` } };
}

/** As findScaler; throws a PerchError when there is none. */
export function requireScaler<T extends KubeObject>(
  objects: Objects,
  canary: Canary,
  kind: Kind<T>,
): ReferredScaler<T> {
  const found = findScaler(objects, canary, kind);
  if (found) return found;
  const name = canary.spec.autoscalerRef?.name ?? '';
  throw new PerchError({
    code: 'ENGINE_AUTOSCALER_NOT_FOUND',
    message: `${kind.kind} ${name}.${canary.metadata.namespace} get query error: ${kind.plural}.${kind.group} "${name}" not found`,
    remedy: 'create it, or take autoscalerRef out of the Canary',
    path: 'spec.autoscalerRef.name',
  });
}
