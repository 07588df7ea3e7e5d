import { isRecord } from '../../api/schema/json.js';
import type { Container, Deployment, HorizontalPodAutoscaler } from '../../api/workloads.js';
import { duration } from './analysis.js';
import { Call, type Expression } from './expression.js';

/** The props of CanaryApp that stand for a Deployment and its autoscaler; undefined for one without image or port. */
export function workloadProps(
  { metadata, spec }: Deployment,
  autoscaler: HorizontalPodAutoscaler,
): Record<string, Expression> | undefined {
  const [container] = spec.template.spec.containers;
  const port = container?.ports?.[0]?.containerPort;
  if (!container?.image || port === undefined) return undefined;
  const { labels, annotations = {} } = spec.template.metadata ?? {};
  const scrapePort = Number(annotations['prometheus.io/port'] ?? port);
  const scrape = {
    port: scrapePort === port ? undefined : scrapePort,
    path: annotations['prometheus.io/path'],
  };
  const podLabels = without(labels, ['app']);
  return {
    image: container.image,
    port,
    containerName: container.name === metadata.name ? undefined : container.name,
    ...containerProps(container),
    ...handoverProps(spec, container),
    scrape: annotations['prometheus.io/scrape'] === 'true' ? used(scrape) : false,
    podLabels: used(podLabels),
    podAnnotations: used(
      without(
        annotations,
        ['scrape', 'port', 'path'].map((key) => `prometheus.io/${key}`),
      ),
    ),
    autoscaling: autoscalingOf(autoscaler),
  };
}

function containerProps(container: Container): Record<string, Expression> {
  const { command, args, env, resources, readinessProbe, livenessProbe } = container as Container & {
    command?: string[];
    args?: string[];
    env?: unknown[];
    resources?: { [field: string]: Expression };
    readinessProbe?: unknown;
    livenessProbe?: unknown;
  };
  return {
    ...{ command, args, env: envOf(env) },
    resources: resources ?? {},
    readiness: probeOf(readinessProbe),
    liveness: probeOf(livenessProbe),
  };
}

/** What CanaryApp gives an application that says nothing of it; a hook of another kind is left to a patch. */
function handoverProps({ minReadySeconds, template }: Deployment['spec'], container: Container) {
  const { lifecycle } = container as Container & { lifecycle?: Lifecycle };
  const { terminationGracePeriodSeconds } = template.spec as { terminationGracePeriodSeconds?: number };
  return {
    minReady: new Call('Duration.seconds', [minReadySeconds ?? 0]),
    preStopSleep: new Call('Duration.seconds', [lifecycle?.preStop?.sleep?.seconds ?? 0]),
    terminationGracePeriod: seconds(terminationGracePeriodSeconds),
  };
}

/** Undefined where a variable's value comes from elsewhere than a Secret; a patch says it then. */
function envOf(env: readonly unknown[] | undefined): Expression {
  const entries = (env ?? []).map((variable): [string, Expression] => {
    const { name, value, valueFrom } = variable as { name: string; value?: string; valueFrom?: unknown };
    const secret = isRecord(valueFrom) ? valueFrom.secretKeyRef : undefined;
    if (!isRecord(secret)) return [name, value];
    return [name, { secretName: String(secret.name), key: String(secret.key) }];
  });
  const sayable = entries.length > 0 && entries.every(([, value]) => value !== undefined);
  return sayable ? Object.fromEntries(entries) : undefined;
}

interface Lifecycle {
  readonly preStop?: { readonly sleep?: { readonly seconds?: number } };
}

interface ProbeFields {
  readonly httpGet?: { readonly path?: string };
  readonly tcpSocket?: unknown;
  readonly exec?: { readonly command?: string[] };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
}

function probeOf(probe: unknown): Expression {
  if (!isRecord(probe)) return undefined;
  const { httpGet, exec, failureThreshold, ...times }: ProbeFields = probe;
  const timing = used({
    initialDelay: seconds(times.initialDelaySeconds),
    period: seconds(times.periodSeconds),
    timeout: seconds(times.timeoutSeconds),
    failureThreshold,
  });
  const rest = timing === undefined ? [] : [timing];
  if (exec?.command) return new Call('Probe.command', [exec.command, ...rest]);
  if (httpGet?.path) return new Call('Probe.http', [httpGet.path, ...rest]);
  return new Call('Probe.tcp', rest);
}

function autoscalingOf({ spec }: HorizontalPodAutoscaler): Expression {
  const { minReplicas = 1, maxReplicas, metrics = [] } = spec;
  const [metric] = metrics as { resource?: { target?: { averageUtilization?: number } } }[];
  return { minReplicas, maxReplicas, cpuPercent: metric?.resource?.target?.averageUtilization };
}

function seconds(value: number | undefined): Expression {
  return value ? duration(`${value}s`) : undefined;
}

function without(fields: Readonly<Record<string, string>> = {}, names: readonly string[]) {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

/** Undefined when no field has a value. */
function used(fields: Readonly<Record<string, Expression>>): Expression {
  return Object.values(fields).some((value) => value !== undefined) ? fields : undefined;
}
