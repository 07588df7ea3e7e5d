import type { ApiObject, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { constructError } from '../failure.js';
import { define } from '../manifest.js';
import { type Resources, resourcesShape } from '../resources.js';
import { checkProps, type Shape } from '../shape.js';
import { type Handover, type HandoverProps, handoverShape, renderHandover } from './handover.js';
import { Probe } from './probe.js';
import { checkCount, checkNumber, checkPort } from './range.js';

export interface AutoscalingProps {
  /** At least 1. @default 2 */
  readonly minReplicas?: number;
  /** At least `minReplicas`. @default 4, or minReplicas if that is more */
  readonly maxReplicas?: number;
  /** Share of the requested CPU that is aimed at, in percent; at least 1. @default 80 */
  readonly cpuPercent?: number;
}

/** What runs. */
export interface WorkloadProps extends HandoverProps {
  /** Image of the application; changing it is what starts a release. */
  readonly image: string;
  /** Port that the container listens on, 1 to 65535. */
  readonly port: number;
  /** @default - the application's name */
  readonly containerName?: string;
  /** @default - the image's */
  readonly command?: readonly string[];
  /** @default - the image's */
  readonly args?: readonly string[];
  /** Environment variables; a SecretKey of the same namespace stands for its value. @default - none */
  readonly env?: Readonly<Record<string, string | { readonly secretName: string; readonly key: string }>>;
  /** @default - requests of 100m CPU and 64Mi, a limit of 512Mi */
  readonly resources?: Resources;
  /** @default - the port accepts connections */
  readonly readiness?: Probe;
  /** @default - none: a container that is alive but wrong is a matter for the checks */
  readonly liveness?: Probe;
  /** Where Prometheus finds the application's own metrics; false if it has none. @default - `port`, /metrics */
  readonly scrape?: { readonly port?: number; readonly path?: string } | false;
  /**
   * How many run. The controller scales the Deployment to zero between releases, so the number is kept in the
   * autoscaler and never in the Deployment.
   * @default - 2 to 4, by CPU
   */
  readonly autoscaling?: AutoscalingProps;
  /** Of the pods, beside `app`. @default - none */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Of the pods, beside those for scraping. @default - none */
  readonly podAnnotations?: Readonly<Record<string, string>>;
}

const autoscaling: Shape<AutoscalingProps> = {
  minReplicas: 'number',
  maxReplicas: 'number',
  cpuPercent: 'number',
};
export const workloadShape: Shape<WorkloadProps> = {
  ...handoverShape,
  image: { required: 'text' },
  port: { required: 'number' },
  containerName: 'text',
  command: 'texts',
  args: 'texts',
  env: 'object',
  resources: resourcesShape,
  readiness: Probe,
  liveness: Probe,
  scrape: 'any',
  autoscaling,
  podLabels: 'object',
  podAnnotations: 'object',
};

/** Name and place of what is declared. */
export interface WorkloadPlace {
  readonly name: string;
  readonly namespace: string;
}

/** The Deployment: the controller runs it as the canary, and a copy of it as the primary. */
export function defineDeployment(
  scope: Construct,
  place: WorkloadPlace,
  props: WorkloadProps & { readonly progressDeadline?: Duration },
): ApiObject {
  const { name, namespace } = place;
  const handover = renderHandover(scope, props);
  if (props.scrape) {
    checkProps(scope.node.path, props.scrape, { port: 'number', path: 'text' }, 'scrape');
    if (props.scrape.port !== undefined) checkPort(scope, 'scrape.port', props.scrape.port);
  }
  return define(scope, 'deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      ...handover.deployment,
      revisionHistoryLimit: 5,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } },
      selector: { matchLabels: { app: name } },
      template: {
        metadata: {
          labels: { ...props.podLabels, app: name },
          annotations: { ...scrapeAnnotations(props), ...props.podAnnotations },
        },
        spec: { ...handover.pod, containers: [container(scope, name, props, handover)] },
      },
    },
  });
}

function container(scope: Construct, name: string, props: WorkloadProps, handover: Handover) {
  const { port, command, args, env } = props;
  const scrapePort = props.scrape === false ? undefined : props.scrape?.port;
  return {
    name: props.containerName ?? name,
    image: props.image,
    imagePullPolicy: 'IfNotPresent',
    ...(command && { command: [...command] }),
    ...(args && { args: [...args] }),
    ...(env && { env: Object.entries(env).map(([key, value]) => variable(scope, key, value)) }),
    ports: [
      { name: 'http', containerPort: port },
      ...(scrapePort && scrapePort !== port ? [{ name: 'http-metrics', containerPort: scrapePort }] : []),
    ],
    readinessProbe: (props.readiness ?? Probe.tcp()).render(scope, port),
    ...handover.container,
    ...(props.liveness && { livenessProbe: props.liveness.render(scope, port) }),
    resources: props.resources ?? { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '512Mi' } },
  };
}

function variable(
  scope: Construct,
  name: string,
  value: string | { readonly secretName: string; readonly key: string },
) {
  if (typeof value === 'string') return { name, value };
  if (typeof value !== 'object') {
    throw constructError(scope, {
      code: 'CONSTRUCT_VALUE_REFUSED',
      message: `env.${name}: expected a text or a SecretKey, got ${value}`,
      remedy: 'write it in quotes, or leave it out',
    });
  }
  checkProps(
    scope.node.path,
    value,
    { secretName: { required: 'text' }, key: { required: 'text' } },
    `env.${name}`,
  );
  return { name, valueFrom: { secretKeyRef: { name: value.secretName, key: value.key } } };
}

function scrapeAnnotations({ scrape = {}, port }: WorkloadProps): Record<string, string> {
  if (scrape === false) return { 'prometheus.io/scrape': 'false' };
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': `${scrape.port ?? port}`,
    ...(scrape.path && { 'prometheus.io/path': scrape.path }),
  };
}

/** The autoscaler; the controller gives the primary a copy of it. */
export function defineAutoscaler(scope: Construct, place: WorkloadPlace, props: AutoscalingProps): ApiObject {
  const { name, namespace } = place;
  const { minReplicas = 2, cpuPercent = 80 } = props;
  const maxReplicas = props.maxReplicas ?? Math.max(4, minReplicas);
  checkCount(scope, 'autoscaling.minReplicas', minReplicas);
  checkNumber(scope, 'autoscaling.maxReplicas', maxReplicas, { min: minReplicas, whole: true });
  checkCount(scope, 'autoscaling.cpuPercent', cpuPercent);
  return define(scope, 'autoscaler', {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas,
      maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuPercent } },
        },
      ],
    },
  });
}
