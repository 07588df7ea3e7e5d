import { type AlertProvider, AlertProviders } from '../api/alertProvider.js';
import type { Canary } from '../api/canary.js';
import { flaggerCrds } from '../api/crds.js';
import type { KubeObject } from '../api/kinds.js';
import type { MetricTemplate } from '../api/metricTemplate.js';
import type { Deployment, Secret, Service } from '../api/workloads.js';
import type { ControllerSettings } from '../settings/controllerSettings.js';
import { modelOf } from '../sim/limits.js';
import { ofKind } from './declared.js';
import { definitionsOf } from './definitions.js';

/** Hooks of alerts whose Secrets are kept out of the program; what is posted there is kept for looking at. */
const alertAddresses: Readonly<Record<string, string>> = {
  msteams: 'https://example.webhook.office.com/webhookb2/simulated',
  slack: 'https://hooks.slack.com/services/simulated',
  discord: 'https://discord.com/api/webhooks/simulated',
  rocket: 'https://rocket.example.com/hooks/simulated',
  gchat: 'https://chat.googleapis.com/v1/spaces/simulated',
};

const has = (objects: readonly KubeObject[], kind: string, name: string, namespace?: string): boolean =>
  objects.some(
    (object) =>
      object.kind === kind &&
      object.metadata.name === name &&
      (namespace === undefined || (object.metadata.namespace ?? 'default') === namespace),
  );

/**
 * The stack with what it takes to run but leaves to others: the CRDs, its namespaces, a Prometheus, a load tester and a router
 * where its URLs point to Services that it does not declare, and Secrets with the addresses of alerts.
 */
export function withStandIns(
  objects: readonly KubeObject[],
  { metricsServer, meshProvider }: Pick<ControllerSettings['controller'], 'metricsServer' | 'meshProvider'>,
): KubeObject[] {
  const routers = ofKind<Canary>(objects, 'Canary').flatMap(
    (canary) => modelOf({ canary, meshProvider })?.kinds ?? [],
  );
  const crds = [...flaggerCrds(), ...definitionsOf(routers)].filter(
    ({ metadata }) => !has(objects, 'CustomResourceDefinition', metadata.name ?? ''),
  );
  const services = missingServices(objects, metricsServer);
  const all = [...objects, ...services, ...missingSecrets(objects)];
  return [...missingNamespaces(all), ...crds, ...all];
}

function missingNamespaces(objects: readonly KubeObject[]): KubeObject[] {
  const used = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
  return [...used]
    .filter((name) => name !== 'default' && !has(objects, 'Namespace', name))
    .map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

function missingSecrets(objects: readonly KubeObject[]): Secret[] {
  return ofKind<AlertProvider>(objects, AlertProviders.kind).flatMap(({ spec, metadata }) => {
    const { name } = spec.secretRef ?? {};
    const { namespace = 'default' } = metadata;
    if (!name || has(objects, 'Secret', name, namespace)) return [];
    const address = Buffer.from(alertAddresses[spec.type] ?? '').toString('base64');
    return [{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data: { address } }];
  });
}

/** Services of the cluster that the stack speaks to and does not declare. */
function missingServices(objects: readonly KubeObject[], metricsServer: string): KubeObject[] {
  const prometheus = [
    metricsServer,
    ...ofKind<Canary>(objects, 'Canary').map(({ spec }) => spec.metricsServer ?? ''),
    ...ofKind<MetricTemplate>(objects, 'MetricTemplate').map(({ spec }) =>
      spec.provider.type === 'prometheus' ? (spec.provider.address ?? '') : '',
    ),
  ];
  const hooks = ofKind<Canary>(objects, 'Canary').flatMap(({ spec }) => spec.analysis.webhooks ?? []);
  const wanted = new Map<string, KubeObject[]>();
  const want = (url: string, image: string): void => {
    const place = serviceOf(url);
    if (!place || has(objects, 'Service', place.name, place.namespace)) return;
    wanted.set(`${place.namespace}/${place.name}`, workload(place, image));
  };
  for (const { url = '', metadata = {} } of hooks) {
    if (/load-?tester/.test(url)) want(url, 'perch-loadtester:simulated');
    for (const router of routersIn(metadata)) want(router, 'envoy:simulated');
  }
  for (const url of prometheus) want(url, 'prom/prometheus:simulated');
  return [...wanted.values()].flat();
}

/** URLs at which a load test asks for another host: that of the router. */
function routersIn({ url = '', host, cmd = '' }: Readonly<Record<string, string>>): string[] {
  const named = /\s-host\s|\bhost:/i.test(cmd) ? [...cmd.matchAll(/https?:\/\/[^\s'"]+/g)] : [];
  return [...(host ? [url] : []), ...named.map(([found]) => found)];
}

interface Place {
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

/** The Service that a URL within the cluster names: `name.namespace`, with or without `.svc.cluster.local`. */
function serviceOf(url: string): Place | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, port } = new URL(url);
  const found = /^([^.]+)\.([^.]+)(\.svc(\.cluster\.local)?)?$/.exec(hostname);
  return found ? { name: found[1]!, namespace: found[2]!, port: Number(port || 80) } : undefined;
}

function workload({ name, namespace, port }: Place, image: string): KubeObject[] {
  const metadata = { name, namespace };
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name, image }] } };
  const deployment: Deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { selector: { matchLabels: labels }, template },
  };
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { selector: labels, ports: [{ port }] },
  };
  return [deployment, service];
}
