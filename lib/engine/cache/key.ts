import type { KubeObject } from '../../api/kinds.js';
import type { ObjectKey } from '../../ports/cluster.js';

export function keyOf(object: KubeObject): ObjectKey {
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
}

export function keyText(key: ObjectKey): string {
  return `${key.namespace}/${key.name}`;
}

export function splitKey(text: string): ObjectKey {
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name };
}
