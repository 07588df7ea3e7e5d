import { join } from 'node:path';
import { runProgram } from '../command.ts';
import type { Kubectl } from '../kubectl.ts';

export type ProxyName = 'ingress-nginx' | 'contour' | 'traefik' | 'istio';

/** IngressClass of Traefik's ingress-nginx-compatible provider, which leaves that of a real one alone. */
export const traefikClass = 'traefik';

interface Proxy {
  /** Where requests go. */
  readonly service: { readonly namespace: string; readonly name: string };
  readonly environment?: Readonly<Record<string, string>>;
  /** What there is beside what the kit makes. */
  readonly objects?: readonly object[];
  /** Pods whose own manifest does not ask to be scraped. */
  readonly scraped?: { readonly label: string; readonly port: number; readonly path?: string };
}

const traefikGateway = [
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'planes-traefik' },
    spec: { controllerName: 'traefik.io/gateway-controller' },
  },
  {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata: { name: 'traefik', namespace: 'traefik' },
    spec: {
      gatewayClassName: 'planes-traefik',
      // Traefik listens where its entry point does
      listeners: [
        { name: 'web', protocol: 'HTTP', port: 8000, allowedRoutes: { namespaces: { from: 'All' } } },
      ],
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: traefikClass },
    spec: { controller: 'traefik.io/ingress-nginx' },
  },
];

const nginxProvider = '--providers.kubernetesingressnginx';

export const proxies: Readonly<Record<ProxyName, Proxy>> = {
  'ingress-nginx': {
    service: { namespace: 'ingress-nginx', name: 'ingress-nginx-controller' },
    scraped: { label: 'app.kubernetes.io/component=controller', port: 10254 },
  },
  contour: {
    service: { namespace: 'projectcontour', name: 'envoy' },
    scraped: { label: 'app=envoy', port: 8002, path: '/stats/prometheus' },
  },
  traefik: {
    service: { namespace: 'traefik', name: 'traefik' },
    environment: {
      TRAEFIK_ARGS: [
        '--providers.kubernetesgateway=true',
        `${nginxProvider}=true`,
        `${nginxProvider}.ingressclass=${traefikClass}`,
        `${nginxProvider}.controllerclass=traefik.io/ingress-nginx`,
      ].join(' '),
    },
    objects: traefikGateway,
  },
  istio: { service: { namespace: 'istio-system', name: 'istio-ingressgateway' } },
};

/** Traefik wants this one, and Contour takes it too. */
const GATEWAY_API = 'v1.6.1';

/** The proxies as the kit brings them up and takes them away. */
export function createProxies(kit: string, env: Readonly<Record<string, string>>, kubectl: Kubectl) {
  const run = (script: string, args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) =>
    runProgram(join(kit, 'planes', script), args, { env: { ...env, ...more } });
  return {
    /** Definitions that more than one of them reads. */
    prepare: () => run('crds', ['apply', 'gateway-api'], { GATEWAY_API }),
    /** Resolves with the address that answers requests. */
    async up(name: ProxyName): Promise<string> {
      const { service, environment, objects = [] } = proxies[name];
      await run(`${name}/up`, [], environment);
      for (const object of objects) {
        await kubectl(['apply', '--server-side', '-f', '-'], { input: JSON.stringify(object) });
      }
      await scrape(kubectl, proxies[name]);
      const found = ['-n', service.namespace, 'get', 'service', service.name];
      return kubectl([...found, '-o', 'jsonpath={.spec.clusterIP}']);
    },
    async down(name: ProxyName): Promise<void> {
      await run(`${name}/down`);
      for (const object of proxies[name].objects ?? []) {
        const input = JSON.stringify(object);
        await kubectl(['delete', '--ignore-not-found', '-f', '-'], { input });
      }
    },
  };
}

async function scrape(kubectl: Kubectl, { service, scraped }: Proxy): Promise<void> {
  if (!scraped) return;
  const { label, port, path = '/metrics' } = scraped;
  const wanted = { scrape: 'true', port, path };
  const annotations = Object.entries(wanted).map(([name, value]) => `prometheus.io/${name}=${value}`);
  await kubectl(['-n', service.namespace, 'annotate', 'pods', '-l', label, '--overwrite', ...annotations]);
}
