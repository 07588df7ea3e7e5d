import { PerchError } from '../../api/errors.js';
import type { KubeObject } from '../../api/kinds.js';
import { isRecord, withoutNulls } from '../../api/schema/json.js';

/** Objects to be written as code, found by what they are called. */
export class Manifests {
  private readonly byIdentity: ReadonlyMap<string, KubeObject>;

  /** Throws MIGRATE_TWICE for an object that is there twice. */
  constructor(readonly objects: readonly KubeObject[]) {
    const found = new Map<string, KubeObject>();
    for (const object of objects) {
      const identity = identityOf(object.kind, object.metadata);
      if (found.has(identity)) throw twice(identity);
      found.set(identity, object);
    }
    this.byIdentity = found;
  }

  find<T extends KubeObject>(kind: string, namespace: string, name: string | undefined): T | undefined {
    return name === undefined
      ? undefined
      : (this.byIdentity.get(identityOf(kind, { namespace, name })) as T | undefined);
  }
}

/** Kinds whose objects live in a namespace, of those that a release has to do with. */
const namespaced = new Set([
  ...['Canary', 'MetricTemplate', 'AlertProvider', 'Deployment', 'DaemonSet', 'Service', 'Ingress'],
  ...['HorizontalPodAutoscaler', 'ScaledObject', 'ConfigMap', 'ServiceAccount', 'NetworkPolicy'],
]);

/** Kinds that are left out: the platform's own, and what no program should hold. */
const leftOut = new Set(['CustomResourceDefinition', 'Secret']);

/** What goes into a program: a namespace for what names none; neither Secrets, CRDs, nor what a server wrote. */
export function tidyManifests(objects: readonly KubeObject[], namespace: string): KubeObject[] {
  return objects
    .filter(({ kind = '' }) => !leftOut.has(kind))
    .map((object) => tidy(withoutNulls(object) as KubeObject, namespace));
}

function tidy(object: KubeObject, namespace: string): KubeObject {
  const { status: _, ...rest } = object as KubeObject & { status?: unknown };
  const place = namespaced.has(object.kind ?? '') ? { namespace } : {};
  const metadata = Object.fromEntries(
    Object.entries({ ...place, ...object.metadata }).filter(
      ([, value]) => !(isRecord(value) && Object.keys(value).length === 0),
    ),
  );
  return { ...rest, metadata: metadata as KubeObject['metadata'] };
}

export function identityOf(kind: string | undefined, { namespace, name }: KubeObject['metadata']): string {
  return [kind, namespace, name].filter(Boolean).join(' ');
}

function twice(identity: string): PerchError {
  return new PerchError({
    code: 'MIGRATE_TWICE',
    message: 'expected each object once, found one of this kind, namespace and name twice',
    remedy: 'give the files of one environment, or name the namespace of those that name none with -n',
    path: identity,
  });
}
