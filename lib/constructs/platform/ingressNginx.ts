import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { checkCount } from '../app/range.js';
import { defineIdentity } from '../identity.js';
import { define, defineClusterWide } from '../manifest.js';
import { clusterRules, electionId, namespaceRules } from './ingressNginxRoles.js';
import type { IngressNginxProps } from './routingProps.js';

const account = 'ingress-nginx';
const controllerClass = 'k8s.io/ingress-nginx';
const metricsPort = 10254;
const selector = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' };

/** ingress-nginx as its upstream manifest has it, with its metrics on and announced to Prometheus. */
export class IngressNginx extends Construct {
  readonly deployment: ApiObject;
  readonly service: ApiObject;

  constructor(scope: Construct, id: string, props: Required<IngressNginxProps>) {
    super(scope, id);
    const { namespace, serviceName: name } = props;
    checkCount(this, 'replicas', props.replicas);
    const metadata = { name, namespace, labels: selector };
    defineIdentity(this, {
      name: account,
      namespace,
      labels: selector,
      clusterRules,
      namespaceRules: { [namespace]: namespaceRules },
    });
    defineClusterWide(this, 'class', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: props.className, labels: selector },
      spec: { controller: controllerClass },
    });
    define(this, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: props.config });
    this.service = define(this, 'service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: props.serviceType,
        selector,
        ports: [
          { name: 'http', port: 80, targetPort: 'http', appProtocol: 'http' },
          { name: 'https', port: 443, targetPort: 'https', appProtocol: 'https' },
        ],
      },
    });
    this.deployment = define(this, 'deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: props.replicas,
        selector: { matchLabels: selector },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
        template: {
          metadata: {
            labels: selector,
            annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': `${metricsPort}` },
          },
          spec: podSpec(props),
        },
      },
    });
  }
}

function podSpec(props: Required<IngressNginxProps>) {
  return {
    serviceAccountName: account,
    terminationGracePeriodSeconds: 300,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    containers: [
      {
        name: 'controller',
        image: props.image,
        imagePullPolicy: 'IfNotPresent',
        args: controllerArgs(props),
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
          { name: 'LD_PRELOAD', value: '/usr/local/lib/libmimalloc.so' },
        ],
        ports: [
          { name: 'http', containerPort: 80 },
          { name: 'https', containerPort: 443 },
          { name: 'metrics', containerPort: metricsPort },
        ],
        lifecycle: { preStop: { exec: { command: ['/wait-shutdown'] } } },
        livenessProbe: { ...healthz(), initialDelaySeconds: 10, failureThreshold: 5 },
        readinessProbe: { ...healthz(), periodSeconds: 2 },
        resources: props.resources,
        // Binds ports 80 and 443 as user 101, and writes its nginx.conf below /etc.
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] },
          runAsNonRoot: true,
          runAsUser: 101,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      },
    ],
  };
}

function controllerArgs({ serviceType, serviceName, className }: Required<IngressNginxProps>): string[] {
  return [
    '/nginx-ingress-controller',
    ...(serviceType === 'LoadBalancer' ? [`--publish-service=$(POD_NAMESPACE)/${serviceName}`] : []),
    `--election-id=${electionId}`,
    `--controller-class=${controllerClass}`,
    `--ingress-class=${className}`,
    `--configmap=$(POD_NAMESPACE)/${serviceName}`,
    '--enable-metrics=true',
  ];
}

function healthz() {
  return { httpGet: { path: '/healthz', port: metricsPort } };
}
