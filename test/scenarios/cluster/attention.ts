import type { Kind, KubeObject } from '../../../lib/api/kinds.js';
import type { Cluster, ObjectKey } from '../../../lib/ports/cluster.js';

interface Stream {
  readonly kind: string;
  /** Version it began at, and up to which its watcher has been told. */
  readonly began: number;
  seen: number;
  /** By object: the version of its last event. */
  readonly latest: Map<string, number>;
}

/** A connection of which it is known whether every watcher has been told of every change. */
export interface Attention {
  readonly cluster: Cluster;
  /** What is still under way; empty when nothing is. */
  pending(): string[];
}

const versionOf = ({ metadata }: KubeObject) => Number(metadata.resourceVersion ?? 0);
const nameOf = ({ namespace = '', name = '' }: Partial<ObjectKey>) => `${namespace}/${name}`;
const kindName = (kind: Kind) => `${kind.group}/${kind.plural}`;

/**
 * Follows what passes over the connection. A change is known by the answer to a request or by the first watcher that
 * is told; until all the others on the same kind are, time must not go on. All of one namespace: versions are
 * compared as etcd counts them.
 */
class Attending implements Attention {
  readonly cluster: Cluster;
  private readonly requests = new Map<symbol, string>();
  private readonly streams = new Set<Stream>();
  private readonly known = new Map<string, number>();
  /** By kind: objects whose deletion was asked for, and their version before. */
  private readonly deleted = new Map<string, Map<string, number>>();

  constructor(private readonly inner: Cluster) {
    const written =
      <A extends [Kind, ...unknown[]], T extends KubeObject>(
        verb: string,
        call: (...args: A) => Promise<T>,
      ) =>
      (...args: A): Promise<T> =>
        this.during(`${verb} ${args[0].plural}`, async () => this.note(args[0], await call(...args)));
    this.cluster = {
      get: written('get', inner.get) as Cluster['get'],
      create: written('create', inner.create) as Cluster['create'],
      update: written('update', inner.update) as Cluster['update'],
      updateStatus: written('updateStatus', inner.updateStatus) as Cluster['updateStatus'],
      patch: written('patch', inner.patch) as Cluster['patch'],
      apply: written('apply', inner.apply) as Cluster['apply'],
      list: (kind, options) => this.during(`list ${kind.plural}`, () => inner.list(kind, options)),
      watch: (kind, options, onEvent) => this.watch(kind, options, onEvent),
      delete: (kind, key) => this.during(`delete ${kind.plural}`, () => this.delete(kind, key)),
    };
  }

  pending(): string[] {
    const late = [...this.streams].filter((stream) => !this.isToldOfAll(stream));
    return [...this.requests.values(), ...late.map(({ kind, seen }) => `a watch of ${kind} at ${seen}`)];
  }

  private isToldOfAll({ kind, began, seen, latest }: Stream): boolean {
    if (seen < (this.known.get(kind) ?? 0)) return false;
    const gone = [...(this.deleted.get(kind) ?? [])];
    return gone.every(([name, before]) => Math.max(began, latest.get(name) ?? 0) > before);
  }

  private note<T extends KubeObject>(kind: Kind, object: T): T {
    const name = kindName(kind);
    this.known.set(name, Math.max(this.known.get(name) ?? 0, versionOf(object)));
    return object;
  }

  private async during<T>(what: string, call: () => Promise<T>): Promise<T> {
    const request = Symbol(what);
    this.requests.set(request, what);
    try {
      return await call();
    } finally {
      this.requests.delete(request);
    }
  }

  private watch: Cluster['watch'] = async (kind, options, onEvent) => {
    const began = Number(options.resourceVersion);
    const stream: Stream = { kind: kindName(kind), began, seen: began, latest: new Map() };
    this.streams.add(stream);
    try {
      await this.inner.watch(kind, options, (event) => {
        const version = event.type === 'BOOKMARK' ? Number(event.resourceVersion) : versionOf(event.object);
        stream.seen = Math.max(stream.seen, version);
        if (event.type !== 'BOOKMARK') {
          stream.latest.set(nameOf(event.object.metadata), version);
          this.note(kind, event.object);
        }
        onEvent(event);
      });
    } finally {
      this.streams.delete(stream);
    }
  };

  /** The answer to a deletion does not say its version, so it is known by what comes after the one before. */
  private async delete(kind: Kind, key: ObjectKey): Promise<void> {
    const before = await this.inner.get(kind, key);
    await this.inner.delete(kind, key);
    const gone = this.deleted.get(kindName(kind)) ?? new Map<string, number>();
    this.deleted.set(kindName(kind), gone.set(nameOf(key), versionOf(before)));
  }
}

export function attend(cluster: Cluster): Attention {
  return new Attending(cluster);
}
