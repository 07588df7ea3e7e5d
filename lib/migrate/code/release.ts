import type { Canary, CanaryService } from '../../api/canary.js';
import { isKnative } from '../../api/defaults.js';
import type { KubeObject } from '../../api/kinds.js';
import { MetricTemplates } from '../../api/metricTemplate.js';
import { Deployments, HorizontalPodAutoscalers, type Ingress, Ingresses } from '../../api/workloads.js';
import { analysisProps } from './analysis.js';
import { Call, type Expression, Name } from './expression.js';
import type { Manifests } from './manifests.js';
import { routingOf } from './routing.js';
import { workloadProps } from './workload.js';

/** A construct that stands for some of the manifests. */
export interface Draft {
  readonly construct: 'CanaryApp' | 'CanaryRelease';
  readonly id: string;
  readonly props: Record<string, Expression>;
  readonly routing: Call;
  /** By the construct's property: the object that it has to be. */
  readonly parts: Readonly<Record<string, KubeObject>>;
}

/** What stands for a canary and its surroundings; a text says why nothing does. */
export function draftRelease(canary: Canary, manifests: Manifests, meshProvider: string): Draft | string {
  const { spec, metadata } = canary;
  const { name = '', namespace = '' } = metadata;
  const provider = spec.provider ?? meshProvider;
  const ingress = manifests.find(Ingresses, namespace, spec.ingressRef?.name);
  const routing = routingOf(provider, spec, ingress);
  if (!routing) return `there is no Routing for the provider ${provider}`;
  const wantsIngress = provider === 'nginx' || provider === 'skipper';
  const ownIngress = wantsIngress && ingress?.metadata.name === name ? ingress : undefined;
  const common = {
    platform: new Name('platform'),
    routing,
    ...ingressProps(ownIngress),
    ...(spec.service && servicePart(spec.service)),
    ...policyProps(canary, manifests, provider),
  };
  const app = wantsIngress === (ownIngress !== undefined) && draftApp(canary, manifests, common);
  if (app) return { ...app, routing, parts: { ...app.parts, ...(ownIngress && { ingress: ownIngress }) } };
  const { targetPort, port = 80 } = spec.service ?? {};
  return {
    construct: 'CanaryRelease',
    id: name,
    routing,
    parts: { canary, ...(ownIngress && { ingress: ownIngress }) },
    props: {
      namespace,
      ...(isKnative(spec.targetRef)
        ? { knativeService: spec.targetRef.name }
        : { deployment: spec.targetRef.name, port: typeof targetPort === 'number' ? targetPort : port }),
      name: spec.targetRef.name === name ? undefined : name,
      autoscaler: spec.autoscalerRef?.name,
      ingress: wantsIngress && !ownIngress ? (spec.ingressRef?.name ?? name) : undefined,
      furtherIngresses: spec.ingressRefs?.map((ref) => ref.name),
      ...common,
    },
  };
}

/** A whole application, where Deployment, autoscaler and canary have one name. */
function draftApp(canary: Canary, manifests: Manifests, common: Record<string, Expression>) {
  const { spec, metadata } = canary;
  const { name = '', namespace = '' } = metadata;
  const alike = spec.targetRef.kind === 'Deployment' && spec.targetRef.name === name;
  if (!alike || spec.autoscalerRef?.name !== name) return undefined;
  const deployment = manifests.find(Deployments, namespace, name);
  const autoscaler = manifests.find(HorizontalPodAutoscalers, namespace, name);
  const workload = deployment && autoscaler && workloadProps(deployment, autoscaler);
  if (!workload) return undefined;
  return {
    construct: 'CanaryApp' as const,
    id: name,
    parts: { canary, deployment, autoscaler },
    props: { namespace, createNamespace: false, ...workload, ...common },
  };
}

/** An Ingress that the construct makes. */
function ingressProps(ingress: Ingress | undefined): Record<string, Expression> {
  const [rule] = ingress?.spec.rules ?? [];
  if (!rule?.host) return {};
  const { annotations } = ingress?.metadata ?? {};
  const path = rule.http?.paths[0]?.path;
  const [tls] = (ingress?.spec.tls ?? []) as { secretName?: string }[];
  const options = { path: path === '/' ? undefined : path, tlsSecretName: tls?.secretName, annotations };
  const sayable = Object.values(options).some((value) => value !== undefined);
  return { host: rule.host, ingressOptions: sayable ? options : undefined };
}

function servicePart({
  port,
  targetPort: _,
  name: __,
  ...further
}: CanaryService): Record<string, Expression> {
  const sayable = Object.keys(further).length > 0;
  return {
    servicePort: port === 80 ? undefined : port,
    service: sayable ? (further as Expression) : undefined,
  };
}

function policyProps(
  { spec, metadata }: Canary,
  manifests: Manifests,
  provider: string,
): Record<string, Expression> {
  const { progressDeadlineSeconds, skipAnalysis, suspend, revertOnDeletion, analysis } = spec;
  const knowsTemplate = (name: string, namespace = metadata.namespace ?? '') =>
    manifests.find(MetricTemplates, namespace, name) !== undefined;
  return {
    progressDeadline: progressDeadlineSeconds && new Call('Duration.seconds', [progressDeadlineSeconds]),
    skipAnalysis: skipAnalysis || undefined,
    suspend: suspend || undefined,
    revertOnDeletion: revertOnDeletion === true ? undefined : false,
    ...analysisProps(analysis, knowsTemplate, provider),
  };
}
