import { apiVersion, type Kind, type KubeObject } from '../../api/kinds.js';
import { timestamp } from '../../core/status.js';
import type { ObjectKey, PatchType } from '../../ports/cluster.js';
import { mergePatched } from '../../ports/mergePatch.js';
import type { Random } from '../../ports/random.js';
import { Admission } from './admission.js';
import { type CustomResourceDefinition, customKinds, isDefinition } from './customKinds.js';
import { copy, type Json } from './json.js';
import { keyOf, ObjectStore, type Stored } from './objectStore.js';
import { afterUpdate, type Managers, Ownership, type Writer } from './ownership.js';
import { jsonPatch } from './patches.js';
import { alreadyExists, badRequest, conflict, invalid, notFound, uidConflict } from './refusals.js';
import { type ServedKind, ServedKinds } from './servedKinds.js';
import { applyOnto } from './serverSideApply.js';

export interface ApiServerOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly random: Random;
  /** Changes a watch can go back to. */
  readonly historyLimit: number;
}

const initialNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
const namespaces = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

/** The verbs of a Kubernetes API server over objects in memory. Each throws an ApiError when the real one would. */
export class ApiServer {
  readonly kinds = new ServedKinds();
  readonly store: ObjectStore;
  private readonly admission: Admission;

  constructor(private readonly options: ApiServerOptions) {
    this.store = new ObjectStore(options.historyLimit);
    this.admission = new Admission(options.random, () => this.timestamp());
    this.store.onChange(({ type, stored, before }) => {
      if (!isDefinition(stored.kind)) return;
      if (before)
        for (const kind of customKinds(before.object as CustomResourceDefinition)) this.kinds.remove(kind);
      if (type === 'DELETED') return;
      for (const kind of customKinds(stored.object as CustomResourceDefinition)) this.kinds.add(kind);
    });
    for (const name of initialNamespaces) this.create(namespaces, { metadata: { name } }, 'kube-apiserver');
  }

  get(kind: Kind, key: ObjectKey): Stored {
    const served = this.kinds.find(kind);
    const stored = this.store.find(served, key);
    if (!stored) throw notFound(served, key.name);
    return stored;
  }

  list(kind: Kind, namespace?: string): Stored[] {
    return this.store.list(this.kinds.find(kind), namespace);
  }

  create(kind: Kind, object: KubeObject, manager: string): Stored {
    const served = this.kinds.find(kind);
    if (!object.metadata.name && !('generateName' in object.metadata))
      throw invalid(served, '', [
        { path: 'metadata.name', message: 'Required value: name or generateName is required' },
      ]);
    if (object.metadata.resourceVersion)
      throw badRequest('resourceVersion should not be set on objects to be created');
    const created = this.admission.created(served, object, this.namespaceFor(served, object));
    if (this.store.find(served, keyOf(created))) throw alreadyExists(served, created.metadata.name!);
    const writer = this.writer(served, manager);
    const ownership = Ownership.of([]).after((none) => afterUpdate(none, undefined, created, writer, 'main'));
    return this.store.put(served, created, ownership);
  }

  update(kind: Kind, object: KubeObject, manager: string, scope: 'main' | 'status' = 'main'): Stored {
    const live = this.get(kind, keyOf(object));
    const served = this.kinds.current(live.kind);
    if (scope === 'status' && !served.status) throw notFound(served, object.metadata.name!);
    const { resourceVersion, uid } = object.metadata;
    if (uid && uid !== live.object.metadata.uid)
      throw uidConflict(served, object.metadata.name!, uid, live.object.metadata.uid!);
    if (resourceVersion && resourceVersion !== live.object.metadata.resourceVersion)
      throw conflict(served, object.metadata.name!);
    if (!resourceVersion && !served.unconditionalUpdate)
      throw invalid(served, object.metadata.name!, [
        { path: 'metadata.resourceVersion', message: 'Invalid value: 0: must be specified for an update' },
      ]);
    return this.write(live, object, manager, scope);
  }

  patch(kind: Kind, key: ObjectKey, type: PatchType, patch: unknown, manager: string): Stored {
    const live = this.get(kind, key);
    const target = live.object as unknown as Json;
    const patched = (type === 'json'
      ? jsonPatch(target, patch as Parameters<typeof jsonPatch>[1])
      : mergePatched(target, copy(patch))) as unknown as KubeObject;
    const { resourceVersion } = patched.metadata;
    if (resourceVersion && resourceVersion !== live.object.metadata.resourceVersion)
      throw conflict(live.kind, key.name);
    return this.write(live, patched, manager, 'main');
  }

  /** Server-side apply; of a dry run nothing is stored. */
  apply(kind: Kind, object: KubeObject, manager: string, force: boolean, dryRun = false): Stored {
    const served = this.kinds.find(kind);
    if (object.metadata.managedFields) throw badRequest('metadata.managedFields must be nil');
    const namespace = this.namespaceFor(served, object);
    const live = this.store.find(served, { namespace, name: object.metadata.name ?? '' });
    if (
      live &&
      object.metadata.resourceVersion &&
      object.metadata.resourceVersion !== live.object.metadata.resourceVersion
    )
      throw conflict(served, object.metadata.name!);
    const writer = this.writer(served, manager);
    if (!live) {
      const given = copy(object);
      const ownership = Ownership.of([]).after(() => applyOnto(undefined, given, writer, force).managers);
      const created = this.admission.created(served, given, namespace);
      return dryRun ? unstored(served, created, ownership) : this.store.put(served, created, ownership);
    }
    const managers = live.ownership.managers();
    const applied = applyOnto({ object: live.object, managers }, object, writer, force);
    const ownership = Ownership.of(applied.managers);
    const updated = this.admission.updated(served, live, applied.object, 'main');
    if (dryRun) return unstored(served, updated, ownership);
    const isSame = updated === live.object && areSame(applied.managers, managers);
    return isSame ? live : this.commit(live, updated, ownership);
  }

  delete(kind: Kind, key: ObjectKey): void {
    const live = this.get(kind, key);
    const { metadata } = live.object;
    if ((metadata.finalizers ?? []).length === 0) {
      this.store.delete(live);
      return;
    }
    if (metadata.deletionTimestamp) return;
    const marked = { ...metadata, deletionTimestamp: this.timestamp(), deletionGracePeriodSeconds: 0 };
    if (live.kind.generation) marked.generation = (metadata.generation ?? 0) + 1;
    this.store.put(live.kind, { ...live.object, metadata: marked }, live.ownership);
  }

  private write(live: Stored, object: KubeObject, manager: string, scope: 'main' | 'status'): Stored {
    const served = this.kinds.current(live.kind);
    const next = this.admission.updated(served, live, object, scope);
    if (next === live.object) return live;
    const writer = this.writer(served, manager);
    const { object: before, ownership } = live;
    return this.commit(
      live,
      next,
      ownership.after((managers) => afterUpdate(managers, before, next, writer, scope)),
    );
  }

  private commit(live: Stored, next: KubeObject, ownership: Ownership): Stored {
    if (next.metadata.deletionTimestamp && (next.metadata.finalizers ?? []).length === 0) {
      const last = { ...live, object: next, ownership };
      this.store.delete(last);
      return last;
    }
    return this.store.put(this.kinds.current(live.kind), next, ownership);
  }

  /** The namespace an object is created in. Throws 404 when there is none of that name. */
  private namespaceFor(served: ServedKind, object: KubeObject): string {
    if (!served.namespaced) return '';
    const namespace = object.metadata.namespace || 'default';
    if (!this.store.find(this.kinds.find(namespaces), { namespace: '', name: namespace }))
      throw notFound(namespaces, namespace);
    return namespace;
  }

  private writer(kind: ServedKind, name: string): Writer {
    return { name, apiVersion: apiVersion(kind), time: this.timestamp() };
  }

  private timestamp(): string {
    return timestamp(this.options.now());
  }
}

function areSame(a: Managers, b: Managers): boolean {
  return a.length === b.length && a.every((manager, index) => manager === b[index]);
}

/** What a dry run answers with. */
function unstored(kind: ServedKind, object: KubeObject, ownership: Ownership): Stored {
  return { kind, object, ownership };
}
