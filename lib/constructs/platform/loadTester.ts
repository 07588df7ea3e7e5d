import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { checkCount } from '../app/range.js';
import { define } from '../manifest.js';
import { type Resources, resourcesShape, restricted } from '../resources.js';
import type { Shape } from '../shape.js';
import { defineNetworkPolicy, defineToken, type LoadTesterToken } from './loadTesterAccess.js';

const name = 'perch-loadtester';
const port = 8080;
/** Of /metrics alone: Prometheus may be anybody's, and so everybody may reach it. */
const metricsPort = 8081;
const digestFolder = '/etc/perch';
const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'perch' };

export interface LoadTesterProps {
  /** @default - beside the platform's `image` */
  readonly image?: string;
  /** Namespace it runs in; short Service names in commands are looked up there. @default - the platform's */
  readonly namespace?: string;
  /**
   * Programs that checks may run; `*` is any. bash stands for checks that are shell scripts, as acceptance tests are:
   * without it no shell is ever started.
   * @default - bash, bats, curl, ghz, grpc_health_probe, helm, hey, kubectl, wrk
   */
  readonly programs?: readonly string[];
  /** Checks that run at the same time; more are refused, and hooks with `retries` come back. At least 1. @default 50 */
  readonly maxRunning?: number;
  /**
   * Takes requests without a token from every pod, as Flagger's load tester: then whoever is in the cluster may run
   * commands in its pod and open its gates.
   * @default false
   */
  readonly allowPlainRequests?: boolean;
  /**
   * A service account of yours, in the load tester's namespace: kubectl and helm in checks have its rights, and so has
   * whoever may write a Canary. Give it a Role with no more than the checks need.
   * @default - none: no token is mounted, and commands have no rights in the cluster
   */
  readonly serviceAccountName?: string;
  /** @default requests of 10m CPU and 64Mi, a limit of 512Mi */
  readonly resources?: Resources;
}

export const loadTesterShape: Shape<LoadTesterProps> = {
  image: 'text',
  namespace: 'text',
  programs: 'texts',
  maxRunning: 'number',
  allowPlainRequests: 'switch',
  serviceAccountName: 'text',
  resources: resourcesShape,
};

/** What the platform tells its load tester, beside what the user said. */
export interface LoadTesterWiring {
  readonly image: string;
  readonly namespace: string;
  /** The one client it has. */
  readonly controller: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
}

/** Runs the commands of acceptance and load tests, and keeps the gates. It has no rights in the cluster but those it is given. */
export class LoadTester extends Construct {
  /** What hooks are posted to. */
  readonly url: string;
  readonly namespace: string;
  readonly deployment: ApiObject;
  /** Undefined when everybody may ask. */
  readonly token: LoadTesterToken | undefined;

  constructor(scope: Construct, id: string, props: LoadTesterProps & LoadTesterWiring) {
    super(scope, id);
    const { namespace, controller } = props;
    this.namespace = namespace;
    checkCount(this, 'maxRunning', props.maxRunning ?? 1);
    this.url = `http://${name}.${namespace}/`;
    const metadata = { name, namespace, labels };
    if (!props.allowPlainRequests) {
      this.token = defineToken(this, { controller: controller.namespace, loadTester: namespace });
      defineNetworkPolicy(this, { ...metadata, port, metricsPort }, controller);
    }
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
        template: {
          metadata: {
            labels,
            annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': `${metricsPort}` },
          },
          spec: podSpec(props, this.token),
        },
      },
    });
  }
}

function podSpec(props: LoadTesterProps, token: LoadTesterToken | undefined) {
  const healthz = { httpGet: { path: '/healthz', port: 'http' } };
  return {
    automountServiceAccountToken: props.serviceAccountName !== undefined,
    serviceAccountName: props.serviceAccountName,
    containers: [
      {
        name: 'loadtester',
        image: props.image,
        imagePullPolicy: 'IfNotPresent',
        args: ['loadtester', ...flags(props)],
        ports: [
          { name: 'http', containerPort: port },
          { name: 'metrics', containerPort: metricsPort },
        ],
        readinessProbe: { ...healthz, periodSeconds: 2 },
        livenessProbe: { ...healthz, initialDelaySeconds: 10 },
        resources: props.resources ?? {
          requests: { cpu: '10m', memory: '64Mi' },
          limits: { memory: '512Mi' },
        },
        securityContext: { ...restricted, runAsUser: 10001 },
        // Commands may write what they download.
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          ...(token ? [{ name: 'digest', mountPath: digestFolder, readOnly: true }] : []),
        ],
      },
    ],
    volumes: [{ name: 'tmp', emptyDir: {} }, ...(token ? [digestVolume(token)] : [])],
  };
}

/** The key is named, so that the pod starts when the controller has written it, and not with an empty folder. */
function digestVolume({ digest }: LoadTesterToken) {
  return { name: 'digest', configMap: { name: digest.name, items: [{ key: 'sha256', path: 'sha256' }] } };
}

function flags({ allowPlainRequests, programs, maxRunning }: LoadTesterProps): string[] {
  return [
    `-port=${port}`,
    `-metrics-port=${metricsPort}`,
    '-log-level=info',
    '-timeout=1h',
    allowPlainRequests ? '-allow-plain-requests' : `-token-digest-file=${digestFolder}/sha256`,
    ...(programs ? [`-allow-programs=${programs.join(',')}`] : []),
    ...(maxRunning === undefined ? [] : [`-max-running=${maxRunning}`]),
  ];
}
