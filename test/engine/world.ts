import { AlertProviders } from '../../lib/api/alertProvider.js';
import { Canaries, type Canary, type CanarySpec } from '../../lib/api/canary.js';
import { MetricTemplates } from '../../lib/api/metricTemplate.js';
import { DaemonSets, type Deployment, Deployments, Events, Ingresses } from '../../lib/api/workloads.js';
import { type Controller, createController } from '../../lib/engine/controller.js';
import type { ControllerOptions, ControllerPorts } from '../../lib/engine/options.js';
import { queries } from '../../lib/metrics/queries.js';
import type { HttpRequest, HttpResponse } from '../../lib/ports/http.js';
import type { Measurement } from '../../lib/ports/metrics.js';
import type { Alert } from '../../lib/ports/notifier.js';
import { routers } from '../../lib/routers/registry.js';
import { MemoryCluster } from './memoryCluster.js';
import { settle, VirtualClock } from './virtualClock.js';

export const NAMESPACE = 'test';

const OPTIONS: ControllerOptions = {
  namespace: '',
  meshProvider: 'nginx',
  metricsServer: 'http://prometheus:9090',
  selectorLabels: ['app', 'name', 'app.kubernetes.io/name'],
  includeLabelPrefixes: [],
  ingressAnnotationsPrefix: 'nginx.ingress.kubernetes.io',
  ingressClass: '',
  clusterName: '',
  noCrossNamespaceRefs: false,
  configTracking: true,
  eventWebhook: '',
  concurrency: 4,
};

let ids = 0;

/** A cluster in memory with a Deployment controller, and perch's controller on it. */
export interface World {
  readonly cluster: MemoryCluster;
  readonly clock: VirtualClock;
  readonly controller: Controller;
  readonly alerts: { readonly by: string; readonly alert: Alert }[];
  readonly posts: HttpRequest[];
  readonly lines: {
    readonly level: string;
    readonly message: string;
    readonly fields: Record<string, unknown>;
  }[];
  /** What the metric provider says. */
  metric: (query: string) => Measurement;
  /** What receivers of hooks say. */
  answer: (request: HttpRequest) => HttpResponse;
  events(): string[];
  canary(name?: string): Canary;
  weight(): string | undefined;
  release(image: string): void;
}

export function makeWorld(
  options: Partial<ControllerOptions> = {},
  cluster = new MemoryCluster(),
  clock = new VirtualClock(),
  runs = true,
): World {
  const world: Partial<World> = {};
  const alerts: { by: string; alert: Alert }[] = [];
  const posts: HttpRequest[] = [];
  const lines: World['lines'] = [];
  const notifier = (by: string) => ({
    send: async (alert: Alert) => {
      alerts.push({ by, alert });
    },
  });
  const ports: ControllerPorts = {
    cluster,
    clock,
    random: { next: () => 0.5, uuid: () => `${String(ids++).padStart(8, '0')}-0000-4000-8000-000000000000` },
    http: {
      request: async (request) => {
        posts.push(request);
        return full.answer(request);
      },
    },
    log: { log: (level, message, fields = {}) => void lines.push({ level, message, fields }) },
    routers,
    metricProviders: {
      prometheus: () => ({ query: async (query) => full.metric(query), online: async () => undefined }),
    },
    queries,
    notifiers: { slack: ({ address, token }) => notifier(`slack ${address} ${token ?? ''}`.trim()) },
    globalNotifier: notifier('global'),
  };
  const full: World = Object.assign(world, {
    cluster,
    clock,
    alerts,
    posts,
    lines,
    controller: createController({ ...OPTIONS, ...options }, ports),
    metric: () => ({ kind: 'value' as const, value: 100 }),
    answer: () => ({ status: 200, headers: {}, body: '' }),
    events: () => cluster.all(Events).map(({ message }) => message),
    canary: (name = 'podinfo') => cluster.find(Canaries, { namespace: NAMESPACE, name })!,
    weight: () =>
      cluster.find(Ingresses, { namespace: NAMESPACE, name: 'podinfo-canary' })?.metadata.annotations?.[
        'nginx.ingress.kubernetes.io/canary-weight'
      ],
    release: (image: string) => {
      cluster.edit(Deployments, NAMESPACE, 'podinfo', (deployment) => {
        deployment.spec.template.spec.containers[0]!.image = image;
      });
    },
  });
  if (runs) {
    runDeployments(cluster, clock);
    runDaemonSets(cluster, clock);
  }
  return full;
}

/** Starts pods two seconds after they were asked for. */
function runDeployments(cluster: MemoryCluster, clock: VirtualClock): void {
  const { signal } = new AbortController();
  void cluster.watch(Deployments, { resourceVersion: '0', signal }, (event) => {
    if (event.type === 'BOOKMARK' || event.type === 'DELETED') return;
    const { name = '', generation } = event.object.metadata;
    if (event.object.status?.observedGeneration === generation) return;
    clock.timer(2_000, () => {
      if (cluster.find(Deployments, { namespace: NAMESPACE, name })?.metadata.generation !== generation)
        return;
      cluster.edit(Deployments, NAMESPACE, name, (deployment) => {
        const replicas = deployment.spec.replicas ?? 1;
        const [updatedReplicas, readyReplicas, availableReplicas] = [replicas, replicas, replicas];
        deployment.status = {
          observedGeneration: generation,
          replicas,
          updatedReplicas,
          readyReplicas,
          availableReplicas,
        };
      });
    });
  });
}

/** Three nodes, of which none is told to scale to zero; a pod on each two seconds after it was asked for. */
function runDaemonSets(cluster: MemoryCluster, clock: VirtualClock): void {
  const { signal } = new AbortController();
  void cluster.watch(DaemonSets, { resourceVersion: '0', signal }, (event) => {
    if (event.type === 'BOOKMARK' || event.type === 'DELETED') return;
    const { name = '', generation } = event.object.metadata;
    if (event.object.status?.observedGeneration === generation) return;
    const nodes = Object.keys(event.object.spec.template.spec.nodeSelector ?? {}).length > 0 ? 0 : 3;
    const status = { observedGeneration: generation!, desiredNumberScheduled: nodes };
    const report = (running: number) => {
      const held = cluster.find(DaemonSets, { namespace: NAMESPACE, name });
      if (held?.metadata.generation !== generation) return;
      cluster.edit(DaemonSets, NAMESPACE, name, (daemonSet) => {
        daemonSet.status = { ...status, updatedNumberScheduled: running, numberAvailable: running };
      });
    };
    clock.timer(20, () => report(0));
    clock.timer(2_000, () => report(nodes));
  });
}

export function podinfo(image = 'podinfo:1.0.0'): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'podinfo', namespace: NAMESPACE, labels: { app: 'podinfo' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'podinfo' } },
      template: {
        metadata: { labels: { app: 'podinfo' } },
        spec: { containers: [{ name: 'podinfod', image, ports: [{ name: 'http', containerPort: 9898 }] }] },
      },
    },
  };
}

export function podinfoCanary(
  analysis: Partial<CanarySpec['analysis']> = {},
  spec: Partial<CanarySpec> = {},
): Canary {
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'Canary',
    metadata: { name: 'podinfo', namespace: NAMESPACE },
    spec: {
      provider: 'nginx',
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
      ingressRef: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'podinfo' },
      progressDeadlineSeconds: 60,
      service: { port: 80, targetPort: 9898 },
      analysis: {
        interval: '10s',
        threshold: 5,
        maxWeight: 50,
        stepWeight: 5,
        metrics: [
          { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' },
          { name: 'latency', templateRef: { name: 'latency' }, thresholdRange: { max: 0.5 } },
        ],
        ...analysis,
      },
      ...spec,
    },
  };
}

/** Deployment, Ingress, template and Canary, as a user applies them. */
function seed(world: World, canary: Canary = podinfoCanary()): void {
  const { cluster } = world;
  cluster.seed(Deployments, podinfo());
  cluster.seed(Ingresses, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'podinfo', namespace: NAMESPACE },
    spec: {
      ingressClassName: 'nginx',
      rules: [
        {
          host: 'app.example.com',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'podinfo', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  });
  cluster.seed(MetricTemplates, {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name: 'latency', namespace: NAMESPACE },
    spec: {
      provider: { type: 'prometheus', address: 'http://prometheus:9090' },
      query: 'latency({{ target }})',
    },
  });
  cluster.seed(AlertProviders, {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'AlertProvider',
    metadata: { name: 'chat', namespace: NAMESPACE },
    spec: { type: 'slack', secretRef: { name: 'chat' } },
  });
  cluster.seed(Canaries, canary);
}

/** A world whose canary is initialized and at rest; `prepare` changes it before the controller starts. */
export async function initialized(
  canary: Canary = podinfoCanary(),
  options: Partial<ControllerOptions> = {},
  prepare: (world: World) => void = () => undefined,
): Promise<World> {
  const world = makeWorld(options);
  seed(world, canary);
  prepare(world);
  world.metric = (query) => ({ kind: 'value', value: query.startsWith('latency') ? 0.1 : 100 });
  await world.controller.start();
  await settle();
  await world.clock.advance(20_000);
  world.cluster.takeRequests();
  return world;
}
