import type { KubeObject } from '../../../lib/api/kinds.js';
import type { Event } from '../../../lib/api/workloads.js';
import type { Cluster, ListOptions } from '../../../lib/ports/cluster.js';

export interface Alias {
  /** What the scenario calls its namespace. */
  readonly inside: string;
  /** What the API server does. */
  readonly outside: string;
  /** Changes an object that was read, before it is seen inside. @default - as it is */
  readonly read?: <T extends KubeObject>(object: T) => T;
}

/** The object as one of another namespace; an Event stands beside what it is about. */
function moved<T extends KubeObject>(object: T, from: string, to: string): T {
  if (object.metadata.namespace !== from) return object;
  const next = { ...object, metadata: { ...object.metadata, namespace: to } };
  const { involvedObject } = object as T & Partial<Event>;
  if (!involvedObject) return next;
  return { ...next, involvedObject: { ...involvedObject, namespace: to } };
}

/**
 * The cluster as if it held one namespace under a name of its own, so that many scenarios on one API server each have
 * theirs and say the same texts. Who asks for all namespaces gets this one.
 */
export function aliased(cluster: Cluster, { inside, outside, read = (object) => object }: Alias): Cluster {
  const out = <T extends KubeObject>(object: T) => moved(object, inside, outside);
  const into = <T extends KubeObject>(object: T) => read(moved(object, outside, inside));
  const key = (given: { namespace: string; name: string }) => ({
    ...given,
    namespace: given.namespace === inside ? outside : given.namespace,
  });
  const scope = <O extends ListOptions>(options: O): O =>
    !options.namespace || options.namespace === inside ? { ...options, namespace: outside } : options;
  return {
    get: async (kind, of) => into(await cluster.get(kind, key(of))),
    async list(kind, options = {}) {
      const { resourceVersion, items } = await cluster.list(kind, scope(options));
      return { resourceVersion, items: items.map(into) };
    },
    watch: (kind, options, onEvent) =>
      cluster.watch(kind, scope(options), (event) =>
        onEvent(event.type === 'BOOKMARK' ? event : { ...event, object: into(event.object) }),
      ),
    create: async (kind, object) => into(await cluster.create(kind, out(object))),
    update: async (kind, object) => into(await cluster.update(kind, out(object))),
    updateStatus: async (kind, object) => into(await cluster.updateStatus(kind, out(object))),
    patch: async (kind, of, type, patch) => into(await cluster.patch(kind, key(of), type, patch)),
    apply: async (kind, object, options) => into(await cluster.apply(kind, out(object), options)),
    delete: (kind, of) => cluster.delete(kind, key(of)),
  };
}
