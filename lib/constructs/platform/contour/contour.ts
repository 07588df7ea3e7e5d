import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { checkCount } from '../../app/range.js';
import { defineIdentity } from '../../identity.js';
import { define, defineClusterWide } from '../../manifest.js';
import { restricted } from '../../resources.js';
import { defineCertificates } from './certificates.js';
import { defineEnvoy } from './envoy.js';
import type { FullContourProps } from './props.js';
import { clusterRules, disabledFeatures, namespaceRules } from './roles.js';

const name = 'contour';
const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': name };
const ports = { xds: 8001, metrics: 8000 };

/** Contour with Envoy, and a Gateway for them: HTTPRoutes, GRPCRoutes and HTTPProxies of every namespace. */
export class Contour extends Construct {
  readonly deployment: ApiObject;
  readonly envoy: ApiObject;
  readonly gateway: ApiObject;

  constructor(scope: Construct, id: string, props: FullContourProps) {
    super(scope, id);
    const { namespace } = props;
    checkCount(this, 'replicas', props.replicas);
    const metadata = { name, namespace, labels };
    defineIdentity(this, {
      ...{ name, namespace, labels, clusterRules },
      namespaceRules: { [namespace]: namespaceRules },
    });
    defineCertificates(new Construct(this, 'certificates'), props);
    define(this, 'config', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'contour.yaml': configuration(props) },
    });
    define(this, 'service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'xds', port: ports.xds, targetPort: 'xds' }] },
    });
    this.deployment = define(this, 'deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(props) },
      },
    });
    this.envoy = defineEnvoy(new Construct(this, 'envoy'), props);
    this.gateway = defineGateway(this, props);
  }
}

function configuration({ gatewayName, namespace }: FullContourProps): string {
  return `gateway:\n  gatewayRef:\n    name: ${gatewayName}\n    namespace: ${namespace}\n`;
}

function podSpec({ image, namespace }: FullContourProps) {
  return {
    serviceAccountName: name,
    containers: [
      {
        name,
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['contour', 'serve'],
        args: [
          '--incluster',
          '--xds-address=0.0.0.0',
          `--xds-port=${ports.xds}`,
          ...['--contour-cafile=/certs/ca.crt', '--contour-cert-file=/certs/tls.crt'],
          '--contour-key-file=/certs/tls.key',
          '--config-path=/config/contour.yaml',
          ...disabledFeatures.map((feature) => `--disable-feature=${feature}`),
        ],
        env: [
          { name: 'CONTOUR_NAMESPACE', value: namespace },
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        ],
        ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
        livenessProbe: { httpGet: { path: '/healthz', port: 'metrics' }, initialDelaySeconds: 10 },
        readinessProbe: { tcpSocket: { port: 'xds' }, periodSeconds: 2 },
        volumeMounts: [
          { name: 'certificates', mountPath: '/certs', readOnly: true },
          { name: 'config', mountPath: '/config', readOnly: true },
        ],
        resources: { requests: { cpu: '50m', memory: '96Mi' } },
        securityContext: { ...restricted, runAsUser: 65534, runAsGroup: 65534 },
      },
    ],
    volumes: [
      { name: 'certificates', secret: { secretName: 'contourcert' } },
      { name: 'config', configMap: { name } },
    ],
  };
}

function defineGateway(scope: Construct, { className, gatewayName, namespace }: FullContourProps): ApiObject {
  const apiVersion = 'gateway.networking.k8s.io/v1';
  defineClusterWide(scope, 'class', {
    apiVersion,
    kind: 'GatewayClass',
    metadata: { name: className, labels },
    spec: { controllerName: 'projectcontour.io/gateway-controller' },
  });
  return define(scope, 'gateway', {
    apiVersion,
    kind: 'Gateway',
    metadata: { name: gatewayName, namespace, labels },
    spec: {
      gatewayClassName: className,
      listeners: [
        { name: 'http', protocol: 'HTTP', port: 80, allowedRoutes: { namespaces: { from: 'All' } } },
      ],
    },
  });
}
