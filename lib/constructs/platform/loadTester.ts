import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { define } from '../manifest.js';
import { type Resources, restricted } from '../resources.js';

const name = 'perch-loadtester';
const port = 8080;
const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'perch' };

export interface LoadTesterProps {
  /** @default - the platform's `image` */
  readonly image?: string;
  /** Namespace it runs in; short Service names in commands are looked up there. @default - the platform's */
  readonly namespace?: string;
  /** @default requests of 10m CPU and 64Mi, a limit of 512Mi */
  readonly resources?: Resources;
}

/** Runs the commands of acceptance and load tests, and keeps the gates. It has no rights in the cluster. */
export class LoadTester extends Construct {
  /** What hooks are posted to. */
  readonly url: string;
  readonly namespace: string;
  readonly deployment: ApiObject;

  constructor(
    scope: Construct,
    id: string,
    props: LoadTesterProps & { readonly image: string; readonly namespace: string },
  ) {
    super(scope, id);
    const { namespace } = props;
    this.namespace = namespace;
    this.url = `http://${name}.${namespace}/`;
    const metadata = { name, namespace, labels };
    define(this, 'service', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
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
  }
}

function podSpec(props: LoadTesterProps) {
  const healthz = { httpGet: { path: '/healthz', port: 'http' } };
  return {
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'loadtester',
        image: props.image,
        imagePullPolicy: 'IfNotPresent',
        args: ['loadtester', `-port=${port}`, '-log-level=info', '-timeout=1h'],
        ports: [{ name: 'http', containerPort: port }],
        readinessProbe: { ...healthz, periodSeconds: 2 },
        livenessProbe: { ...healthz, initialDelaySeconds: 10 },
        resources: props.resources ?? {
          requests: { cpu: '10m', memory: '64Mi' },
          limits: { memory: '512Mi' },
        },
        securityContext: { ...restricted, runAsUser: 10001 },
        // Commands may write what they download.
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  };
}
