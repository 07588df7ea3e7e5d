import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlertProviders } from '../lib/api/alertProvider.js';
import { Canaries } from '../lib/api/canary.js';
import type { Kind, KubeObject } from '../lib/api/kinds.js';
import { MetricTemplates } from '../lib/api/metricTemplate.js';
import {
  ConfigMaps,
  Deployments,
  Events,
  HorizontalPodAutoscalers,
  Ingresses,
  Leases,
  Secrets,
  Services,
} from '../lib/api/workloads.js';
import { connect } from '../lib/kube/connect.js';
import type { Cluster } from '../lib/ports/cluster.js';
import { createWorld } from '../lib/sim/world.js';
import { type ApiServer, startApiServer } from '../test/kube/apiServer.js';
import { NAMESPACE } from './applications.js';

/** What the controller asks for, behind an address that counts it. */
export const kinds: readonly Kind[] = [
  Canaries,
  MetricTemplates,
  AlertProviders,
  Deployments,
  Services,
  HorizontalPodAutoscalers,
  Ingresses,
  ConfigMaps,
  Secrets,
  Events,
  Leases,
];

export interface BenchCluster {
  readonly name: string;
  readonly server: ApiServer;
  /** Not counted. */
  readonly cluster: Cluster;
  apply(objects: readonly KubeObject[]): Promise<void>;
  close(): Promise<void>;
}

/** The virtual cluster with its clock tied to the real one. */
export async function virtualCluster(): Promise<BenchCluster> {
  const world = createWorld({ start: Date.now(), scrapeIntervalMs: 3_600_000, historyLimit: 20_000 });
  const server = await startApiServer({ cluster: world.cluster, kinds });
  let over = false;
  const tick = async (): Promise<void> => {
    while (!over) {
      await world.clock.advanceTo(Math.max(Date.now(), world.clock.now()));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const ticking = tick();
  return {
    name: 'the virtual cluster over HTTP',
    server,
    cluster: world.cluster,
    apply: async (objects) => world.apply(objects),
    async close() {
      over = true;
      await ticking;
      await server.close();
    },
  };
}

/** A real API server, reached through a server of ours that passes everything on and counts it. */
export async function realCluster(kubeconfig: string): Promise<BenchCluster> {
  const cluster = await connect({ kubeconfig, version: 'bench', qps: -1 });
  const server = await startApiServer({ cluster, kinds });
  const namespaces: Kind = {
    group: '',
    version: 'v1',
    kind: 'Namespace',
    plural: 'namespaces',
    namespaced: false,
  };
  const definitions: Kind = {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    namespaced: false,
  };
  const all = [...kinds, namespaces, definitions];
  return {
    name: `the API server of ${kubeconfig}`,
    server,
    cluster,
    async apply(objects) {
      for (const object of objects) {
        const kind = all.find((each) => each.kind === object.kind);
        if (!kind) throw new Error(`the bench does not know the kind ${object.kind}`);
        // CRDs that somebody else has put there are used as they are.
        if (kind === definitions && (await exists(cluster, kind, object))) continue;
        await cluster.apply(kind, object, { fieldManager: 'perch-bench', force: true });
      }
    },
    async close() {
      await cluster.delete(namespaces, { namespace: '', name: NAMESPACE });
      await server.close();
      await cluster.close();
    },
  };
}

async function exists(cluster: Cluster, kind: Kind, { metadata }: KubeObject): Promise<boolean> {
  const { items } = await cluster.list(kind, { metadataOnly: true });
  return items.some((item) => item.metadata.name === metadata.name);
}

/** A Prometheus that finds everything well: what it costs to ask is the controller's, not the bench's. */
export async function contentPrometheus(): Promise<{ url: string; close(): void }> {
  const server: Server = createServer((_, response) => {
    const result = [{ metric: {}, value: [Date.now() / 1000, '100'] }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
