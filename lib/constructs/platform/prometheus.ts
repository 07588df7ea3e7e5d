import { createHash } from 'node:crypto';
import { type ApiObject, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { defineIdentity } from '../identity.js';
import { define } from '../manifest.js';
import { wholeSeconds } from '../period.js';
import { restricted } from '../resources.js';
import type { PrometheusProps } from './metrics.js';
import { scrapeConfig } from './scrapeConfig.js';

const name = 'prometheus';
const port = 9090;
const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'perch' };

/** One Prometheus that keeps its samples in the pod: enough to judge rollouts, not to archive. */
export class Prometheus extends Construct {
  /** URL inside the cluster. */
  readonly address: string;
  readonly deployment: ApiObject;

  constructor(scope: Construct, id: string, props: PrometheusProps & { readonly namespace: string }) {
    super(scope, id);
    const { namespace } = props;
    const metadata = { name, namespace, labels };
    const config = scrapeConfig(
      wholeSeconds(this, 'scrapeInterval', props.scrapeInterval ?? Duration.seconds(5)),
    );
    const retention = wholeSeconds(this, 'retention', props.retention ?? Duration.hours(6));
    this.address = `http://${name}.${namespace}:${port}`;
    defineIdentity(this, {
      name,
      namespace,
      labels,
      clusterRules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    });
    define(this, 'config', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'prometheus.yml': config },
    });
    define(this, 'service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port, targetPort: 'http' }] },
    });
    this.deployment = define(this, 'deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        // Two at a time would each hold half of the samples.
        strategy: { type: 'Recreate' },
        template: {
          // A changed configuration makes a new pod.
          metadata: {
            labels,
            annotations: { 'checksum/config': createHash('sha256').update(config).digest('hex') },
          },
          spec: podSpec(props, retention),
        },
      },
    });
  }
}

function podSpec(props: PrometheusProps, retentionSeconds: number) {
  return {
    serviceAccountName: name,
    securityContext: { fsGroup: 65534 },
    containers: [
      {
        name,
        image: props.image ?? 'quay.io/prometheus/prometheus:v3.15.0',
        imagePullPolicy: 'IfNotPresent',
        args: [
          '--config.file=/etc/prometheus/prometheus.yml',
          '--storage.tsdb.path=/prometheus',
          `--storage.tsdb.retention.time=${retentionSeconds}s`,
        ],
        ports: [{ name: 'http', containerPort: port }],
        readinessProbe: { httpGet: { path: '/-/ready', port: 'http' }, periodSeconds: 2 },
        livenessProbe: { httpGet: { path: '/-/healthy', port: 'http' }, initialDelaySeconds: 30 },
        resources: props.resources ?? {
          requests: { cpu: '100m', memory: '256Mi' },
          limits: { memory: '1Gi' },
        },
        securityContext: { ...restricted, runAsUser: 65534 },
        volumeMounts: [
          { name: 'config', mountPath: '/etc/prometheus' },
          { name: 'data', mountPath: '/prometheus' },
        ],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name } },
      { name: 'data', emptyDir: {} },
    ],
  };
}
