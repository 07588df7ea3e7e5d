import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Alert } from '../alert.js';
import { checkCount } from '../app/range.js';
import { type Account, defineIdentity, mergeRules, type Rule } from '../identity.js';
import { define } from '../manifest.js';
import { checkNamespace } from '../namespace.js';
import { type Resources, resourcesShape, restricted } from '../resources.js';
import type { Shape } from '../shape.js';
import {
  allSecretsRules,
  electionRules,
  ownerRules,
  releaseRules,
  type Support,
  supportRules,
  trackingRules,
} from './controllerRoles.js';
import type { LoadTester } from './loadTester.js';
import { tokenRules } from './loadTesterAccess.js';
import type { Routing } from './routing.js';
import { clusterWideRules, routingRules } from './routingRoles.js';

const name = 'perch-controller';
const port = 8080;
export const controllerLabels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'perch' };

export interface ControllerProps {
  /** @default - the platform's `image` */
  readonly image?: string;
  /** More than one stand by: one leads. At least 1. @default 1 */
  readonly replicas?: number;
  /** Only the holder of a Lease acts. Without it a new pod starts when the old one is gone. @default true */
  readonly leaderElection?: boolean;
  /** The one namespace whose canaries it handles; its rights end there too. @default - all */
  readonly watchNamespace?: string;
  /** Named in alerts. @default - none */
  readonly clusterName?: string;
  /** @default info */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
  /**
   * Labels that may tell a Deployment's pods apart; the first that its selector has is used. The last is the one
   * that cdk8s-plus gives its Deployments.
   * @default ['app', 'name', 'app.kubernetes.io/name', 'cdk8s.io/metadata.addr']
   */
  readonly selectorLabels?: readonly string[];
  /** Changed ConfigMaps and Secrets are released like new images, and the primary gets copies of both. @default true */
  readonly configTracking?: boolean;
  /**
   * Which Secrets the controller may read. `named`: those that the pods and alerts of the applications declared here
   * name, one by one, each by a Role in its namespace; canaries declared elsewhere need such a Role of their own.
   * `all`: every Secret of every namespace that it watches, as Flagger.
   * @default named
   */
  readonly secrets?: 'named' | 'all';
  /**
   * Of what not every cluster has, that which canaries may use; the controller gets the rights for these only. An empty
   * list leaves Deployments and HorizontalPodAutoscalers.
   * @default ['daemonSets', 'keda', 'externalMetrics', 'keptn']
   */
  readonly supports?: readonly Support[];
  /**
   * Whether the cluster's admission (OwnerReferencesPermissionEnforcement, as OpenShift has it) lets only those change an
   * object's owners who may delete it. Then the controller gets the right to delete Services and copies of ConfigMaps and
   * Secrets; it makes no use of it, but a Canary that is deleted gives its Service back, and is held up without it.
   * @default false
   */
  readonly enforcedOwners?: boolean;
  /** Further flags of `perch controller`, as `-flag=value`. @default - none */
  readonly flags?: readonly string[];
  /** @default requests of 10m CPU and 64Mi, a limit of 512Mi */
  readonly resources?: Resources;
}

export const controllerShape: Shape<ControllerProps> = {
  image: 'text',
  replicas: 'number',
  leaderElection: 'switch',
  watchNamespace: 'text',
  clusterName: 'text',
  logLevel: ['debug', 'info', 'warn', 'error'],
  selectorLabels: 'texts',
  configTracking: 'switch',
  secrets: ['named', 'all'],
  supports: 'texts',
  enforcedOwners: 'switch',
  flags: 'texts',
  resources: resourcesShape,
};

/** What the platform tells its controller, beside what the user said. */
export interface ControllerWiring {
  readonly namespace: string;
  readonly image: string;
  readonly meshProvider: string;
  readonly routings: readonly Routing[];
  readonly metricsServer: string;
  readonly alert: Alert | undefined;
  readonly loadTester: LoadTester | undefined;
}

/** The controller's Deployment and its rights. */
export class Controller extends Construct {
  readonly deployment: ApiObject;
  /** Whom further rights can be given to. */
  readonly account: Account;
  /** Which Secrets it may read by its own rights. */
  readonly secrets: 'named' | 'all';
  /** Whether Secrets that pods name are tracked. */
  readonly tracks: boolean;
  /** Whether it has to be granted the deletion of what it changes the owners of. */
  readonly enforcedOwners: boolean;

  constructor(scope: Construct, id: string, props: ControllerProps, wiring: ControllerWiring) {
    super(scope, id);
    const { namespace } = wiring;
    checkCount(this, 'replicas', props.replicas ?? 1);
    if (props.watchNamespace !== undefined) checkNamespace(this, props.watchNamespace);
    const elects = props.leaderElection ?? true;
    this.account = { name, namespace };
    this.secrets = props.secrets ?? 'named';
    this.tracks = props.configTracking ?? true;
    this.enforcedOwners = props.enforcedOwners ?? false;
    const routed = new Set(
      wiring.routings.flatMap(({ provider }): readonly Rule[] => routingRules[provider]),
    );
    const supports = props.supports ?? (Object.keys(supportRules) as Support[]);
    const supported = supports.flatMap((each): readonly Rule[] => supportRules[each]);
    const rules = [
      ...[...releaseRules, ...supported, ...routed, ...(this.tracks ? trackingRules : [])],
      ...(this.secrets === 'all' ? allSecretsRules(this.tracks) : []),
      ...(this.enforcedOwners ? ownerRules(this.tracks, this.secrets) : []),
    ];
    const token = wiring.loadTester?.token;
    const here = [
      ...(elects ? [{ [electionNamespace(props, wiring)]: electionRules }] : []),
      ...(token ? tokenRules(token) : []),
    ];
    const rights = divideRules(rules, props.watchNamespace);
    const namespaceRules = mergeRules([...rights.here, ...here]);
    const { clusterRules } = rights;
    defineIdentity(this, { name, namespace, labels: controllerLabels, clusterRules, namespaceRules });
    this.deployment = define(this, 'deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels: controllerLabels },
      spec: {
        replicas: props.replicas ?? 1,
        selector: { matchLabels: controllerLabels },
        strategy: { type: elects ? 'RollingUpdate' : 'Recreate' },
        template: {
          metadata: {
            labels: controllerLabels,
            annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': `${port}` },
          },
          spec: { serviceAccountName: name, containers: [container(props, wiring)] },
        },
      },
    });
  }
}

/** As the controller does it: two that watch different namespaces shall not wait for each other. */
function electionNamespace({ watchNamespace }: ControllerProps, { namespace }: ControllerWiring): string {
  return watchNamespace ?? namespace;
}

/** In one namespace, but for what belongs to none; else everywhere. */
function divideRules(rules: readonly Rule[], watchNamespace: string | undefined) {
  if (watchNamespace === undefined) return { clusterRules: rules, here: [] };
  const nowhere = rules.filter((rule) => clusterWideRules.includes(rule));
  const here = [{ [watchNamespace]: rules.filter((rule) => !nowhere.includes(rule)) }];
  return { clusterRules: nowhere.length > 0 ? nowhere : undefined, here };
}

function container(props: ControllerProps, wiring: ControllerWiring) {
  const healthz = { httpGet: { path: '/healthz', port: 'http' } };
  return {
    name: 'controller',
    image: props.image ?? wiring.image,
    imagePullPolicy: 'IfNotPresent',
    args: ['controller', ...flags(props, wiring)],
    env: alertEnvironment(wiring.alert),
    ports: [{ name: 'http', containerPort: port }],
    readinessProbe: { ...healthz, periodSeconds: 2 },
    livenessProbe: { ...healthz, initialDelaySeconds: 10 },
    resources: props.resources ?? { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '512Mi' } },
    securityContext: { ...restricted, runAsUser: 10001 },
  };
}

function flags(props: ControllerProps, wiring: ControllerWiring): string[] {
  const labelsToSelect = props.selectorLabels ?? [
    'app',
    'name',
    'app.kubernetes.io/name',
    'cdk8s.io/metadata.addr',
  ];
  const values: Record<string, string | undefined> = {
    'mesh-provider': wiring.meshProvider,
    'metrics-server': wiring.metricsServer,
    'selector-labels': labelsToSelect.join(','),
    port: `${port}`,
    'log-level': props.logLevel ?? 'info',
    namespace: props.watchNamespace,
    'cluster-name': props.clusterName,
    ...(props.configTracking === false && { 'enable-config-tracking': 'false' }),
    ...((props.secrets ?? 'named') === 'named' && { 'secrets-by-name': 'true' }),
    ...((props.leaderElection ?? true) && {
      'enable-leader-election': 'true',
      'leader-election-namespace': electionNamespace(props, wiring),
    }),
    ...tokenFlags(wiring.loadTester),
    ...(wiring.alert?.type === 'slack' && {
      'slack-channel': wiring.alert.props.channel,
      'slack-user': wiring.alert.props.username,
    }),
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return [...given.map(([flag, value]) => `-${flag}=${value}`), ...(props.flags ?? [])];
}

function tokenFlags(tester: LoadTester | undefined): Record<string, string> {
  if (!tester?.token) return {};
  const { secret, digest } = tester.token;
  return {
    loadtester: tester.url,
    'loadtester-token': `${secret.namespace}/${secret.name}`,
    'loadtester-digest': `${digest.namespace}/${digest.name}`,
  };
}

/** Flagger's variables: the webhook's URL stays in its Secret. */
function alertEnvironment(alert: Alert | undefined) {
  if (!alert) return undefined;
  const prefix = alert.type === 'msteams' ? 'MSTEAMS' : 'SLACK';
  const { webhookUrl, proxy } = alert.props;
  return [
    {
      name: `${prefix}_URL`,
      valueFrom: { secretKeyRef: { name: webhookUrl.secretName, key: webhookUrl.key ?? 'address' } },
    },
    ...(proxy ? [{ name: `${prefix}_PROXY_URL`, value: proxy }] : []),
  ];
}
