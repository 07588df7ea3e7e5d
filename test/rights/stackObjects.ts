import { account, place } from './place.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const metadata = (name: string) => ({ name, namespace: place.app });

/** A MetricTemplate of each provider that asks the API server something. */
export const templates: readonly { readonly name: string; readonly spec: (server: string) => object }[] = [
  {
    name: 'answer',
    spec: (address) => ({
      provider: { type: 'prometheus', address, secretRef: { name: 'metrics' } },
      query: 'vector(1)',
    }),
  },
  {
    name: 'queue',
    spec: () => ({ provider: { type: 'externalmetrics' }, query: `${place.app}/queue-depth` }),
  },
  {
    name: 'keptn-metric',
    spec: () => ({ provider: { type: 'keptn' }, query: `keptnmetric/${place.app}/latency` }),
  },
  {
    name: 'keptn-analysis',
    spec: () => ({ provider: { type: 'keptn' }, query: `analysis/${place.app}/quality` }),
  },
];

const rbac = 'rbac.authorization.k8s.io';

/** The Secret of a MetricTemplate is the controller's to read by a Role of its users'. */
const metricsAccess = [
  {
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: metadata('metrics'),
    rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['metrics'], verbs: ['get'] }],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: metadata('metrics'),
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'metrics' },
    subjects: [{ kind: 'ServiceAccount', ...account }],
  },
];

/** What users bring themselves; what pods take is another in each revision. */
export function beside(revision: string, server: string) {
  const secret = (name: string, data: Readonly<Record<string, string>>) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadata(name),
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
  });
  const backend = { serviceName: 'apisix', servicePort: 80 };
  return [
    ...metricsAccess,
    secret('database', { password: `password-${revision}` }),
    secret('metrics', { username: 'perch', password: 'secret' }),
    secret('alerts', { address: `${server}/alerts` }),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('settings'), data: { COLOUR: revision } },
    {
      apiVersion: 'apisix.apache.org/v2',
      kind: 'ApisixRoute',
      metadata: metadata('apisix'),
      spec: { http: [{ name: 'web', backends: [backend] }] },
    },
    {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: metadata('knative'),
      spec: { template: { spec: { containers: [{ image: `registry.example.com/app:${revision}` }] } } },
    },
    { apiVersion: 'metrics.keptn.sh/v1beta1', kind: 'KeptnMetric', metadata: metadata('latency') },
    {
      apiVersion: 'external.metrics.k8s.io/v1beta1',
      kind: 'QueueDepth',
      metadata: metadata('any'),
      value: '5',
    },
  ];
}

const settings = { configMapRef: { name: 'settings' } };

const pods = (name: string, image: string) => ({
  selector: { matchLabels: { app: name } },
  template: {
    metadata: { labels: { app: name } },
    // the copy of it is shared with another application
    spec: { containers: [{ name, image, ports: [{ containerPort: 8080 }], envFrom: [settings] }] },
  },
});

const canary = (name: string, server: string, spec: object) => ({
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  metadata: metadata(name),
  spec: {
    provider: 'kubernetes',
    revertOnDeletion: true,
    service: { port: 80, targetPort: 8080 },
    analysis: {
      interval: '10s',
      threshold: 5,
      iterations: 1,
      webhooks: [{ name: 'gate', type: 'confirm-promotion', url: `${server}/gate` }],
    },
    ...spec,
  },
});

export function daemonSet(image: string, server: string) {
  const targetRef = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent' };
  return [
    { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: metadata('agent'), spec: pods('agent', image) },
    canary('agent', server, { targetRef }),
  ];
}

/** A Deployment that KEDA scales. */
export function scaled(image: string, revision: string, server: string) {
  const ref = (apiVersion: string, kind: string) => ({ apiVersion, kind, name: 'worker' });
  return [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata('worker'), spec: pods('worker', image) },
    {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      metadata: metadata('worker'),
      spec: { scaleTargetRef: { name: 'worker' }, minReplicaCount: 1, maxReplicaCount: 1 + Number(revision) },
    },
    canary('worker', server, {
      targetRef: ref('apps/v1', 'Deployment'),
      autoscalerRef: ref('keda.sh/v1alpha1', 'ScaledObject'),
    }),
  ];
}
