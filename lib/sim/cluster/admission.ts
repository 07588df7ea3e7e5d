import { apiVersion, type KubeObject, type ObjectMeta } from '../../api/kinds.js';
import { renew } from '../../api/schema/json.js';
import type { Random } from '../../ports/random.js';
import { fillDefaults } from './defaults/builtins.js';
import { copy, equal, isObject, type JsonObject } from './json.js';
import type { Stored } from './objectStore.js';
import { invalid } from './refusals.js';
import { admitCustom, admitStatus } from './schemaAdmission.js';
import type { ServedKind } from './servedKinds.js';
import { problemsOf } from './validation.js';

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters as `generateName` appends them. */
export function nameSuffix(random: Random): string {
  return Array.from(
    { length: 5 },
    () => suffixLetters[Math.floor(random.next() * suffixLetters.length)],
  ).join('');
}

/** What stands between a request and the store: identity, defaults, validation, generation. */
export class Admission {
  private addresses = 1;

  constructor(
    private readonly random: Random,
    private readonly timestamp: () => string,
  ) {}

  /** The object as it is stored when it is created. Throws 422. */
  created(kind: ServedKind, object: KubeObject, namespace: string): KubeObject {
    const {
      managedFields: _managed,
      resourceVersion: _version,
      deletionTimestamp: _deleted,
      ...given
    } = object.metadata;
    const name =
      given.name ?? `${(given as { generateName?: string }).generateName ?? ''}${nameSuffix(this.random)}`;
    const metadata: ObjectMeta = {
      ...given,
      name,
      uid: this.random.uuid(),
      creationTimestamp: this.timestamp(),
      ...(kind.generation && { generation: 1 }),
    };
    if (kind.namespaced) metadata.namespace = namespace;
    else delete metadata.namespace;
    const { status: _status, ...body } = object as KubeObject & { status?: unknown };
    const kept = {
      ...(kind.status ? body : object),
      apiVersion: apiVersion(kind),
      kind: kind.kind,
      metadata,
    };
    return this.admit(kind, copy(kept), undefined);
  }

  /**
   * The object as it is stored after a write over what is `stored`, with the parts of that which stay the same; that
   * itself when the write changes nothing. `scope` says which half of the object the request may change. Throws 422.
   */
  updated(kind: ServedKind, stored: Stored, object: KubeObject, scope: 'main' | 'status'): KubeObject {
    if (scope === 'status' && kind.schema) return admitStatus(kind, kind.schema, stored, object);
    const live = stored.object;
    const statusOf = (scope === 'status' ? object : live) as { status?: unknown };
    const main = scope === 'status' ? live : object;
    const metadata: ObjectMeta = {
      ...main.metadata,
      ...identity(live.metadata),
    };
    delete metadata.managedFields;
    for (const field of ['generation', 'deletionTimestamp'] as const)
      if (live.metadata[field] === undefined) delete metadata[field];
    const given = { ...main, apiVersion: apiVersion(kind), kind: kind.kind, metadata };
    const written = kind.status ? { ...given, status: statusOf.status } : given;
    const next = renew(live, written) as KubeObject & JsonObject;
    if (next === live) return live;
    keepAllocations(kind, live, next);
    const admitted = renew(live, this.admit(kind, next, stored)) as KubeObject;
    if (admitted === live) return live;
    if (kind.generation && !equal(desired(admitted), desired(live)))
      return {
        ...admitted,
        metadata: { ...admitted.metadata, generation: (live.metadata.generation ?? 0) + 1 },
      };
    return admitted;
  }

  private admit(kind: ServedKind, object: KubeObject, before: Stored | undefined): KubeObject {
    const admitted = kind.schema ? admitCustom(kind, kind.schema, object, before) : object;
    if (!kind.schema)
      fillDefaults(kind.kind, admitted as unknown as JsonObject, () => this.allocateAddress());
    const problems = problemsOf(kind, admitted, before?.object);
    if (problems.length > 0) throw invalid(kind, admitted.metadata.name ?? '', problems);
    return admitted;
  }

  private allocateAddress(): string {
    const number = this.addresses++;
    return `10.96.${(number >> 8) & 255}.${number & 255}`;
  }
}

/** Metadata that no request changes. */
function identity(metadata: ObjectMeta): ObjectMeta {
  const { name, namespace, uid, creationTimestamp, generation, deletionTimestamp, resourceVersion } =
    metadata;
  return { name, namespace, uid, creationTimestamp, generation, deletionTimestamp, resourceVersion };
}

/** What `metadata.generation` counts: all but metadata and status. */
function desired(object: KubeObject): JsonObject {
  const { metadata: _metadata, status: _status, ...rest } = object as unknown as JsonObject;
  return rest;
}

/** A Service keeps the address it was given when a PUT leaves it out. */
function keepAllocations(kind: ServedKind, live: KubeObject, next: KubeObject & JsonObject): void {
  const before = (live as unknown as JsonObject).spec;
  if (kind.kind !== 'Service' || kind.group !== '' || !isObject(before) || !isObject(next.spec)) return;
  if (!next.spec.clusterIP && before.clusterIP) next.spec.clusterIP = before.clusterIP;
}
