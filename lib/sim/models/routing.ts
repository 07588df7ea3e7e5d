import { type Service, Services } from '../../api/workloads.js';
import type { ApiServer } from '../cluster/apiServer.js';
import type { Count } from '../dataPlanes/dataPlane.js';
import type { Backend, View } from '../routers/model.js';
import { everyRouter } from '../routers/registry.js';
import type { Pod, Pods } from './pods.js';
import type { Ask } from './request.js';

/** One place that a share of the requests goes to. */
export interface Destination {
  /** 0 to 1. */
  readonly share: number;
  readonly pods: readonly Pod[];
  /** Who counts them on the way, besides the application. */
  readonly counts: readonly Count[];
}

/** Reads the cluster's routing objects as its routers, its mesh and kube-proxy would. */
export class Routing {
  private readonly view: View;

  constructor(
    private readonly server: ApiServer,
    private readonly pods: Pods,
  ) {
    this.view = {
      list: <T>(kind: Parameters<View['list']>[0]) =>
        server.kinds.has(kind) ? server.list(kind).map(({ object }) => object as T) : [],
      isReady: (namespace, service) => this.endpoints(namespace, service).length > 0,
    };
  }

  service(namespace: string, name: string): Service | undefined {
    const { store, kinds } = this.server;
    return store.find(kinds.find(Services), { namespace, name })?.object as Service | undefined;
  }

  /** Ready pods behind a Service. */
  endpoints(namespace: string, name: string): Pod[] {
    return this.pods.selected(namespace, this.service(namespace, name)?.spec.selector);
  }

  /** Where requests go; empty when no router answers for their host. */
  through(request: Ask): Destination[] {
    for (const { route } of everyRouter) {
      const backends = route(this.view, request);
      if (backends) return backends.flatMap((backend) => this.destinations(backend, request));
    }
    const { service } = request;
    return service ? [{ share: 1, pods: this.endpoints(service.namespace, service.name), counts: [] }] : [];
  }

  private destinations(
    { namespace, service, share, counts = [], asksService }: Backend,
    request: Ask,
  ): Destination[] {
    if (!asksService) return [{ share, pods: this.endpoints(namespace, service), counts }];
    return this.through({ ...request, service: { namespace, name: service } }).map((within) => ({
      ...{ share: share * within.share, pods: within.pods },
      counts: [...counts, ...within.counts],
    }));
  }
}
