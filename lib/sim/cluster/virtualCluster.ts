import type { Kind, KubeObject } from '../../api/kinds.js';
import type {
  Cluster,
  ListOptions,
  ObjectKey,
  ObjectList,
  PatchType,
  WatchEvent,
} from '../../ports/cluster.js';
import type { Discovery } from '../../ports/discovery.js';
import type { ApiServer } from './apiServer.js';
import { type Presentation, present } from './presentation.js';
import { isAsked, type Watches } from './watches.js';

export type Verb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'update'
  | 'updateStatus'
  | 'patch'
  | 'apply'
  | 'delete';

function keyOfOne({ namespace = '', name }: ListOptions): ObjectKey | undefined {
  return name === undefined ? undefined : { namespace, name };
}

/** One request that a client made. */
export interface ApiRequest {
  readonly verb: Verb;
  readonly kind: string;
  readonly key?: ObjectKey;
}

/**
 * One client's connection to the virtual API server: ports.Cluster, with a memory of what was asked. A request is
 * answered without virtual time passing.
 */
export class VirtualCluster implements Cluster, Discovery {
  private readonly made: ApiRequest[] = [];

  constructor(
    private readonly server: ApiServer,
    private readonly watches: Watches,
    /** Name of the client: field manager of what it writes without naming one. */
    readonly client: string,
    /** Called before each request is served; what it throws is the answer. For faults. */
    private readonly intercept: (request: ApiRequest) => void = () => {},
    private readonly give: Presentation = present,
  ) {}

  /** All requests so far, in order. */
  requests(): readonly ApiRequest[] {
    return this.made;
  }

  async get<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): Promise<T> {
    this.note('get', kind, key);
    return this.give<T>(this.server.get(kind, key));
  }

  async list<T extends KubeObject>(kind: Kind<T>, options: ListOptions = {}): Promise<ObjectList<T>> {
    this.note('list', kind, keyOfOne(options));
    const items = this.server
      .list(kind, options.namespace)
      .filter(({ object }) => isAsked(object, options))
      .map((stored) => this.give<T>(stored, options.metadataOnly));
    return { resourceVersion: String(this.server.store.version()), items };
  }

  async watch<T extends KubeObject>(
    kind: Kind<T>,
    options: ListOptions & { readonly resourceVersion: string; readonly signal: AbortSignal },
    onEvent: (event: WatchEvent<T>) => void,
  ): Promise<void> {
    this.note('watch', kind, keyOfOne(options));
    await this.watches.watch({
      kind: this.server.kinds.find(kind),
      options,
      present: this.give,
      onEvent: onEvent as (event: WatchEvent<KubeObject>) => void,
    });
  }

  async create<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    this.note('create', kind, {
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name ?? '',
    });
    return this.give<T>(this.server.create(kind, object, this.client));
  }

  async update<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    this.note('update', kind, {
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name ?? '',
    });
    return this.give<T>(this.server.update(kind, object, this.client));
  }

  async updateStatus<T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> {
    this.note('updateStatus', kind, {
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name ?? '',
    });
    return this.give<T>(this.server.update(kind, object, this.client, 'status'));
  }

  async patch<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    type: PatchType,
    patch: unknown,
  ): Promise<T> {
    this.note('patch', kind, key);
    return this.give<T>(this.server.patch(kind, key, type, patch, this.client));
  }

  async apply<T extends KubeObject>(
    kind: Kind<T>,
    object: T,
    options: { readonly fieldManager: string; readonly force?: boolean; readonly dryRun?: boolean },
  ): Promise<T> {
    this.note('apply', kind, {
      namespace: object.metadata.namespace ?? '',
      name: object.metadata.name ?? '',
    });
    return this.give<T>(
      this.server.apply(kind, object, options.fieldManager, options.force ?? false, options.dryRun),
    );
  }

  async delete(kind: Kind, key: ObjectKey): Promise<void> {
    this.note('delete', kind, key);
    this.server.delete(kind, key);
  }

  async kinds(group: string, version?: string): Promise<readonly Kind[]> {
    return this.server.kinds.ofGroup(group, version);
  }

  private note(verb: Verb, kind: Kind, key?: ObjectKey): void {
    const request = { verb, kind: kind.kind, ...(key && { key }) };
    this.made.push(request);
    this.intercept(request);
  }
}
