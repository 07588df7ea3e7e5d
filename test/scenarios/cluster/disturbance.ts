import type { Kind, KubeObject } from '../../../lib/api/kinds.js';
import type { Cluster } from '../../../lib/ports/cluster.js';
import type { ApiRequest, Verb } from '../../../lib/sim/cluster/virtualCluster.js';
import { type Fault, type Ground, unavailable } from '../ground.js';

/** A connection to an API server that can be disturbed; only who uses it notices. */
export interface Disturbed extends Pick<Ground, 'fail' | 'disconnect'> {
  readonly cluster: Cluster;
}

export function disturbable(inner: Cluster): Disturbed {
  let fault: Fault | undefined;
  let refusal = unavailable;
  let line = new AbortController();
  const ask = (verb: Verb, kind: Kind, key?: ApiRequest['key']) => {
    if (fault?.({ verb, kind: kind.kind, ...(key && { key }) })) throw refusal;
  };
  const keyOf = ({ metadata }: KubeObject) => ({
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
  });
  const cluster: Cluster = {
    async get(kind, key) {
      ask('get', kind, key);
      return inner.get(kind, key);
    },
    async list(kind, options) {
      ask('list', kind);
      return inner.list(kind, options);
    },
    async watch(kind, options, onEvent) {
      ask('watch', kind);
      const signal = AbortSignal.any([options.signal, line.signal]);
      return inner.watch(kind, { ...options, signal }, (event) => {
        if (!signal.aborted) onEvent(event);
      });
    },
    async create(kind, object) {
      ask('create', kind, keyOf(object));
      return inner.create(kind, object);
    },
    async update(kind, object) {
      ask('update', kind, keyOf(object));
      return inner.update(kind, object);
    },
    async updateStatus(kind, object) {
      ask('updateStatus', kind, keyOf(object));
      return inner.updateStatus(kind, object);
    },
    async patch(kind, key, type, patch) {
      ask('patch', kind, key);
      return inner.patch(kind, key, type, patch);
    },
    async apply(kind, object, options) {
      ask('apply', kind, keyOf(object));
      return inner.apply(kind, object, options);
    },
    async delete(kind, key) {
      ask('delete', kind, key);
      return inner.delete(kind, key);
    },
  };
  return {
    cluster,
    fail(next, answer = unavailable) {
      [fault, refusal] = [next, answer];
    },
    disconnect() {
      line.abort();
      line = new AbortController();
    },
  };
}
