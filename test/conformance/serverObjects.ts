import { randomUUID } from 'node:crypto';
import { Canaries } from '../../lib/api/canary.js';
import type { Kind, KubeObject } from '../../lib/api/kinds.js';
import { connect } from '../../lib/kube/connect.js';
import {
  ApiError,
  type Cluster,
  type ObjectKey,
  type PatchType,
  unlessMissing,
} from '../../lib/ports/cluster.js';
import { Namespaces } from '../clusterKinds.js';
import { aliased } from '../scenarios/cluster/alias.js';
import { type Dress, MemoryObjects } from './memoryObjects.js';

/** The namespaces of the benches, and the uid of their canaries. */
const INSIDE = ['test', 'gloo'];
const UID = 'c0ffee';

/** A real API server with namespaces that stand for the benches', and the Canary that owns what routers make. */
export interface Estate {
  readonly cluster: Cluster;
  /** Of the Canary. */
  readonly uid: string;
  dispose(): Promise<void>;
}

export async function createEstate(kubeconfig: string): Promise<Estate> {
  const server = await connect({ version: 'conformance', kubeconfig, qps: -1 });
  const id = randomUUID().slice(0, 8);
  const outside = (inside: string) => `routers-${id}-${inside}`;
  let cluster: Cluster = server;
  for (const inside of INSIDE) {
    await server.create(Namespaces, { metadata: { name: outside(inside) } });
    cluster = aliased(cluster, { inside, outside: outside(inside) });
  }
  const { metadata } = await cluster.create(Canaries, {
    metadata: { name: 'podinfo', namespace: 'test' },
    spec: {
      provider: 'kubernetes',
      suspend: true,
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
      service: { port: 80 },
      analysis: { interval: '10s', threshold: 5, iterations: 5 },
    },
  });
  return {
    cluster,
    uid: metadata.uid!,
    async dispose() {
      for (const inside of INSIDE) await server.delete(Namespaces, { namespace: '', name: outside(inside) });
      await server.close();
    },
  };
}

/**
 * MemoryObjects whose every write goes to a real API server first, and which hold what it answered: with the
 * provider's real CRDs there, an object that the provider would refuse, or of which a field would be dropped, fails.
 */
export class ServerObjects extends MemoryObjects {
  /** What somebody else does: sent before the next write of the router. */
  private readonly pending: (() => Promise<unknown>)[] = [];
  private readonly touched: { kind: Kind; key: ObjectKey }[] = [];

  constructor(
    private readonly estate: () => Promise<Estate>,
    dress?: Dress,
  ) {
    super(dress);
  }

  override put<T extends KubeObject>(kind: Kind<T>, object: T): void {
    super.put(kind, object);
    const meant = structuredClone(object);
    this.pending.push(() => this.replace(kind, meant));
  }

  override drop(kind: Kind, key: ObjectKey): void {
    super.drop(kind, key);
    this.pending.push(async () => (await this.server()).delete(kind, key));
  }

  override create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    this.noteCreated(kind, keyOf(object));
    return this.write(kind, object, (cluster, sent) => cluster.create(kind, sent));
  }

  override update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    return this.write(kind, object, (cluster, sent) => cluster.update(kind, sent));
  }

  override patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    type: PatchType,
    patch: unknown,
  ): Promise<T> {
    return this.write(kind, { metadata: key } as T, (cluster) => cluster.patch(kind, key, type, patch));
  }

  override apply<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    const how = { fieldManager: 'perch', force: true };
    return this.write(kind, object, (cluster, sent) => cluster.apply(kind, sent, how));
  }

  override async remove(kind: Kind, key: ObjectKey): Promise<void> {
    await (await this.server()).delete(kind, key);
    this.writes += 1;
    super.drop(kind, key);
  }

  override async settled(): Promise<void> {
    await this.server();
  }

  /** Takes away whatever was written. */
  async dispose(): Promise<void> {
    const cluster = await this.server();
    for (const { kind, key } of this.touched) await unlessMissing(cluster.delete(kind, key));
  }

  /** The API server, once what somebody else did has reached it. */
  private async server(): Promise<Cluster> {
    for (let next = this.pending.shift(); next; next = this.pending.shift()) await next();
    return (await this.estate()).cluster;
  }

  private async write<T extends KubeObject>(
    kind: Kind<T>,
    object: T,
    send: (cluster: Cluster, sent: T) => Promise<T>,
  ): Promise<T> {
    const cluster = await this.server();
    const written = await send(cluster, await this.outwards(object));
    this.writes += 1;
    return this.keep(kind, object, written);
  }

  private async replace<T extends KubeObject>(kind: Kind<T>, object: T): Promise<void> {
    const { cluster } = await this.estate();
    const { resourceVersion: _, ...metadata } = (await this.outwards(object)).metadata;
    const there = await unlessMissing(cluster.get(kind, keyOf(object)));
    const written = there
      ? await cluster.update(kind, { ...object, metadata: { ...there.metadata, ...metadata } })
      : await cluster.create(kind, { ...object, metadata });
    const { status } = object as T & { status?: unknown };
    const seeded = status && !there;
    const whole = seeded ? await cluster.updateStatus(kind, { ...written, status }) : written;
    this.keep(kind, object, whole);
  }

  /** Keeps the server's answer; throws for a field that the server dropped. */
  private keep<T extends KubeObject>(kind: Kind<T>, sent: T, written: T): T {
    const key = keyOf(sent);
    this.touched.push({ kind, key });
    const { metadata: _, status: __, ...rest } = sent as T & { status?: unknown };
    const dropped = droppedOf(rest, written, kind.kind);
    if (dropped) throw new ApiError(422, 'Invalid', `the API server does not know ${dropped}`);
    const { managedFields: ___, ownerReferences, ...metadata } = written.metadata;
    const owned = ownerReferences && {
      ownerReferences: ownerReferences.map((owner) => ({ ...owner, uid: UID })),
    };
    super.put(kind, { ...written, metadata: { ...metadata, ...owned } });
    return this.read(kind, key)!;
  }

  private async outwards<T extends KubeObject>(object: T): Promise<T> {
    const { uid } = await this.estate();
    const { uid: _, ownerReferences, ...metadata } = object.metadata;
    const owned = ownerReferences && { ownerReferences: ownerReferences.map((owner) => ({ ...owner, uid })) };
    return { ...object, metadata: { ...metadata, ...owned } };
  }
}

function keyOf({ metadata: { namespace = '', name = '' } }: KubeObject): ObjectKey {
  return { namespace, name };
}

/** Path of the first field that was sent and is not in the answer. */
function droppedOf(sent: unknown, got: unknown, path: string): string | undefined {
  if (typeof sent !== 'object' || sent === null) return undefined;
  if (typeof got !== 'object' || got === null) return path;
  for (const [field, value] of Object.entries(sent)) {
    const dropped = droppedOf(value, (got as Record<string, unknown>)[field], `${path}.${field}`);
    if (dropped) return dropped;
    if (value !== undefined && value !== null && !(field in got)) return `${path}.${field}`;
  }
  return undefined;
}
