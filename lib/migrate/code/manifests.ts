import { PerchError } from '../../api/errors.js';
import { apiVersion, type Kind, type KubeObject } from '../../api/kinds.js';
import { isRecord, withoutNulls } from '../../api/schema/json.js';

/** Objects to be written as code, found by what they are called. */
export class Manifests {
  private readonly byIdentity: ReadonlyMap<string, KubeObject>;

  /** Throws MIGRATE_TWICE for an object that is there twice. */
  constructor(readonly objects: readonly KubeObject[]) {
    const found = new Map<string, KubeObject>();
    for (const object of objects) {
      const identity = identityOf(object);
      if (found.has(identity)) throw twice(object);
      found.set(identity, object);
    }
    this.byIdentity = found;
  }

  find<T extends KubeObject>(kind: Kind<T>, namespace: string, name: string | undefined): T | undefined {
    if (name === undefined) return undefined;
    const sought = { apiVersion: apiVersion(kind), kind: kind.kind, metadata: { namespace, name } };
    return this.byIdentity.get(identityOf(sought)) as T | undefined;
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

/** What makes it one object in every version: a Service of Knative is no Service of the core group. */
export function identityOf(object: KubeObject): string {
  const [group] = object.apiVersion?.includes('/') ? object.apiVersion.split('/') : [''];
  return `${group} ${titleOf(object)}`;
}

/** For people: `Canary test podinfo`. */
export function titleOf({ kind, metadata: { namespace, name } }: KubeObject): string {
  return [kind, namespace, name].filter(Boolean).join(' ');
}

function twice(object: KubeObject): PerchError {
  return new PerchError({
    code: 'MIGRATE_TWICE',
    message: 'expected each object once, found one of this group, kind, namespace and name twice',
    remedy: 'give the files of one environment, or name the namespace of those that name none with -n',
    path: titleOf(object),
  });
}
