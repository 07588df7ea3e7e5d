import { isObject, type JsonObject } from '../json.js';
import { fill, fillPodTemplate, items } from './pods.js';

function fillDeployment(spec: JsonObject): void {
  fill(spec, { replicas: 1, strategy: {}, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = spec.strategy as JsonObject;
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy.type === 'RollingUpdate') {
    fill(strategy, { rollingUpdate: {} });
    fill(strategy.rollingUpdate as JsonObject, { maxSurge: '25%', maxUnavailable: '25%' });
  }
  fillPodTemplate(spec.template);
}

function fillService(spec: JsonObject, allocateAddress: () => string): void {
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  for (const port of items(spec.ports)) {
    fill(port, { protocol: 'TCP' });
    fill(port, { targetPort: port.port ?? null });
  }
  if (spec.type === 'ExternalName') return;
  fill(spec, { internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  if (spec.clusterIP === undefined || spec.clusterIP === '') spec.clusterIP = allocateAddress();
  const [first] = Array.isArray(spec.clusterIPs) ? spec.clusterIPs : [];
  if (first !== spec.clusterIP) spec.clusterIPs = [spec.clusterIP];
}

function fillAutoscaler(spec: JsonObject): void {
  fill(spec, {
    minReplicas: 1,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ],
  });
}

function fillSecret(secret: JsonObject): void {
  fill(secret, { type: 'Opaque' });
  if (!isObject(secret.stringData)) return;
  const encoded = Object.entries(secret.stringData).map(([name, value]): [string, string] => [
    name,
    Buffer.from(String(value)).toString('base64'),
  ]);
  secret.data = { ...(isObject(secret.data) ? secret.data : {}), ...Object.fromEntries(encoded) };
  delete secret.stringData;
}

function fillNamespace(namespace: JsonObject): void {
  const metadata = namespace.metadata as JsonObject;
  const labels = isObject(metadata.labels) ? metadata.labels : {};
  const own = 'kubernetes.io/metadata.name';
  if (labels[own] !== metadata.name) metadata.labels = { ...labels, [own]: metadata.name ?? '' };
  fill(namespace, { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
}

/**
 * Writes the defaults of the built-in kind into `object`, but for those that it has: its parts may be those of what is
 * stored. A kind without an entry has none that perch depends on.
 * `allocateAddress` gives a free cluster address.
 */
export function fillDefaults(kind: string, object: JsonObject, allocateAddress: () => string): void {
  const spec = isObject(object.spec) ? object.spec : {};
  const fills: Readonly<Record<string, () => void>> = {
    Deployment: () => fillDeployment(spec),
    DaemonSet: () => fillPodTemplate(spec.template),
    StatefulSet: () => fillPodTemplate(spec.template),
    Service: () => fillService(spec, allocateAddress),
    HorizontalPodAutoscaler: () => fillAutoscaler(spec),
    Secret: () => fillSecret(object),
    Namespace: () => fillNamespace(object),
  };
  fills[kind]?.();
}
