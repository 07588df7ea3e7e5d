import { Canaries } from '../api/canary.js';
import type { Kind, KubeObject } from '../api/kinds.js';

/** An object that a program declares. */
export interface Declared {
  readonly object: KubeObject;
  /** Path of the construct that made it; undefined where a program does not tell. */
  readonly path?: string | undefined;
}

/** A declared object, and where the API server keeps it. */
export interface Item extends Declared {
  readonly kind: Kind;
}

/** An object's group, kind, namespace and name: what makes it the same object in two deployments. */
export function identityOf({ kind, object }: Pick<Item, 'kind' | 'object'>): string {
  const { namespace = '', name = '' } = object.metadata;
  return [kind.group, kind.kind, kind.namespaced ? namespace : '', name].join('/');
}

/** For people: `Deployment test/podinfo`. */
export function titleOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`;
}

export function keyOf({ kind, object }: Pick<Item, 'kind' | 'object'>) {
  const { namespace = '', name = '' } = object.metadata;
  return { namespace: kind.namespaced ? namespace : '', name };
}

export function isCanary({ kind }: Item): boolean {
  return kind.kind === Canaries.kind && kind.group === Canaries.group;
}

/** Was it deleted already, and only its finalizers hold it? */
export function isGoing({ object }: Item): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
