import { type ApiObject, Chart, type Duration } from 'cdk8s';
import type { Deployment } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { CanaryService } from '../../api/canary.js';
import { Alert } from '../alert.js';
import { refuseTwice } from '../declaredTwice.js';
import { constructError } from '../failure.js';
import { define } from '../manifest.js';
import { checkNamespace } from '../namespace.js';
import { wholeSeconds } from '../period.js';
import { CanaryPlatform } from '../platform/canaryPlatform.js';
import type { Audience } from '../platform/particulars.js';
import { Routing } from '../platform/routing.js';
import { checkConstruct, type Shape } from '../shape.js';
import { renderAnalysis } from './canaryAnalysis.js';
import { Check } from './check.js';
import { deriveEndpoints, type Endpoints } from './endpoints.js';
import { checkRights, checkStrategy } from './feasibility.js';
import { checkHostName, defineIngress, type IngressOptions, ingressShape } from './ingress.js';
import { Metric } from './metric.js';
import { checkPort } from './range.js';
import { checkSecretsAtSynth, defineSecretAccess } from './secretAccess.js';
import { Strategy } from './strategy.js';
import { checkName, readTarget, targetKinds } from './target.js';
import { validateAtSynth } from './validation.js';

/** How a release is judged and who hears of it. */
export interface ReleasePolicyProps {
  /** @default - a canary: 10 percent more each minute, up to 50; blue/green where the routing knows no shares */
  readonly strategy?: Strategy;
  /** What a version is judged by. @default - [Metric.successRate({ min: 99 })] */
  readonly metrics?: readonly Metric[];
  /**
   * Hooks, in order.
   * @default - [Check.load()]: 20 requests a second to `/` while a version is judged, since without any there is
   * nothing to judge it by; none where the platform has no load tester
   */
  readonly checks?: readonly Check[];
  /** Who is told, instead of the platform's alert. @default - the platform's */
  readonly alerts?: readonly Alert[];
  /** How long a version may take to get ready; whole seconds. @default 10 minutes */
  readonly progressDeadline?: Duration;
  /** New versions are promoted without checks. @default false */
  readonly skipAnalysis?: boolean;
  /** Nothing is released until it is false again. @default false */
  readonly suspend?: boolean;
  /**
   * Deleting the Canary gives the traffic back to the Deployment before anything is taken away. The controller has to
   * be running then: it holds the deletion up until that is done.
   * @default true
   */
  readonly revertOnDeletion?: boolean;
}

export interface CanaryReleaseProps extends ReleasePolicyProps {
  readonly platform: CanaryPlatform;
  /** What is released: a cdk8s-plus Deployment, or the name of one. */
  readonly deployment?: Deployment | string;
  /** What is released instead of a Deployment: the name of a Knative Service, with Routing.knative(). */
  readonly knativeService?: string;
  /** Of the Canary and of its Services. @default - the Deployment's name */
  readonly name?: string;
  /** @default - the Deployment's, else the chart's, else `default` */
  readonly namespace?: string;
  /** The container's port. @default - the first port of the cdk8s-plus Deployment */
  readonly port?: number;
  /** The Services' port. @default 80 */
  readonly servicePort?: number;
  /** Further fields of `spec.service`. @default - none */
  readonly service?: Omit<CanaryService, 'port' | 'targetPort' | 'name'>;
  /** DNS name that the world asks for; an Ingress is made for it, unless `ingress` names one. */
  readonly host?: string;
  /** Name of an Ingress that is there already. @default - one is made for `host` */
  readonly ingress?: string;
  /** ingress-nginx: names of further Ingresses that lead to the application. @default - none */
  readonly furtherIngresses?: readonly string[];
  /** Path, certificate and annotations of the Ingress that is made. */
  readonly ingressOptions?: IngressOptions;
  /**
   * Secrets of its namespace that the pods name; the controller may read these and, unless the platform says otherwise,
   * no others. @default - those that the Deployment names when this is constructed; none where it is given by name
   */
  readonly secrets?: readonly string[];
  /** Name of the HorizontalPodAutoscaler of the Deployment; the primary gets a copy. @default - none */
  readonly autoscaler?: string;
  /** One that the platform has too, as its own or among its `furtherRoutings`. @default - the platform's */
  readonly routing?: Routing;
}

export const releaseShape: Shape<CanaryReleaseProps> = {
  platform: { required: CanaryPlatform },
  deployment: 'any',
  knativeService: 'text',
  name: 'text',
  namespace: 'text',
  port: 'number',
  servicePort: 'number',
  service: 'object',
  host: 'text',
  ingress: 'text',
  furtherIngresses: 'texts',
  ingressOptions: ingressShape,
  secrets: 'texts',
  autoscaler: 'text',
  routing: Routing,
  strategy: Strategy,
  metrics: { each: Metric },
  checks: { each: Check },
  alerts: { each: Alert },
  progressDeadline: 'duration',
  skipAnalysis: 'switch',
  suspend: 'switch',
  revertOnDeletion: 'switch',
};

/** Releases a Deployment that is declared elsewhere: Ingress, Canary and what its checks need. */
export class CanaryRelease extends Construct {
  readonly canary: ApiObject;
  readonly ingress: ApiObject | undefined;
  /** Where it answers. */
  readonly endpoints: Endpoints;

  constructor(scope: Construct, id: string, props: CanaryReleaseProps) {
    super(scope, id);
    refuseTwice(this);
    const { platform } = checkConstruct(this, props, releaseShape);
    const routing = props.routing ?? platform.routing;
    checkRights(this, routing, platform);
    const target = readTarget(this, props, routing.provider);
    const name = checkName(this, props.name ?? target.name);
    const namespace = props.namespace ?? target.namespace ?? Chart.of(this).namespace ?? 'default';
    checkNamespace(this, namespace);
    const servicePort = props.servicePort ?? 80;
    checkPort(this, 'servicePort', servicePort);
    this.node.addDependency(platform.foundation);

    if (props.host !== undefined) checkHostName(this, props.host);
    const host = routing.provider === 'kubernetes' ? undefined : props.host;
    const audience = { name, namespace, servicePort, host };
    const routed = routing.render(audience);
    const split = target.kind !== 'KnativeService';
    this.endpoints = deriveEndpoints({ ...audience, routerUrl: routing.address, split });
    for (const door of routing.frontDoor(audience)) define(this, 'front-door', { ...door });
    this.ingress = this.makeIngress(props, routing, audience);
    const autoscalerRef = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };
    this.canary = define(this, 'canary', {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'Canary',
      metadata: { name, namespace },
      spec: {
        provider: routing.provider,
        targetRef: { ...targetKinds[target.kind], name: target.name },
        ...(props.autoscaler && { autoscalerRef: { ...autoscalerRef, name: props.autoscaler } }),
        ...this.renderIngresses(props, routing, name),
        ...routed.spec,
        ...this.renderFlags(props),
        ...(split && {
          service: {
            ...routed.service,
            ...props.service,
            ...(name !== target.name && { name }),
            port: servicePort,
            targetPort: this.requirePort(props.port ?? target.port),
          },
        }),
        analysis: this.analyse(props, routing, name, namespace),
      },
    });
    const tracked = [...(props.secrets ?? []), ...target.secrets];
    defineSecretAccess(this, {
      ...{ name, namespace, platform, tracked },
      read: (props.alerts ?? []).map(({ props: { webhookUrl } }) => webhookUrl.secretName),
    });
    if (target.workload) checkSecretsAtSynth(this, target.workload, { platform, tracked });
    validateAtSynth(this);
  }

  /** The Ingress of the host, unless one is there, or the routing has no use for one. */
  private makeIngress(
    { ingress, ingressOptions }: CanaryReleaseProps,
    { ingress: need }: Routing,
    audience: Audience,
  ): ApiObject | undefined {
    if (!need || ingress || (!need.driven && audience.host === undefined)) return undefined;
    const { name, namespace, servicePort, host } = audience;
    const annotations = { ...need.annotations?.(audience), ...ingressOptions?.annotations };
    return defineIngress(this, {
      ...ingressOptions,
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ...{ name, namespace, servicePort, serviceName: name },
      host: this.requireHost(host),
      className: need.className,
    });
  }

  private renderIngresses(
    { ingress, furtherIngresses = [] }: CanaryReleaseProps,
    routing: Routing,
    name: string,
  ) {
    const reference = (to: string) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: to });
    if (furtherIngresses.length > 0 && routing.provider !== 'nginx') {
      throw constructError(this, {
        code: 'CONSTRUCT_INGRESSES',
        message: `furtherIngresses: expected them with Routing.ingressNginx or traefikIngressNginx alone, got the provider ${routing.provider}`,
        remedy: 'drop furtherIngresses, or use one of these routings',
      });
    }
    if (!routing.ingress?.driven) return {};
    return {
      ingressRef: reference(ingress ?? name),
      ...(furtherIngresses.length > 0 && { ingressRefs: furtherIngresses.map(reference) }),
    };
  }

  private analyse(props: CanaryReleaseProps, routing: Routing, name: string, namespace: string) {
    const { platform } = props;
    const { weights: weighted } = routing.capabilities;
    const strategy = props.strategy ?? (weighted ? Strategy.canary() : Strategy.blueGreen());
    checkStrategy(this, strategy, routing);
    return renderAnalysis(
      {
        ...{ scope: this, name, namespace, platform },
        provider: routing.provider,
        implementation: routing.implementation,
        ...(props.ingress && { ingress: props.ingress }),
      },
      {
        strategy,
        metrics: props.metrics ?? [Metric.successRate({ min: 99 })],
        checks: props.checks ?? (platform.loadTester ? [Check.load()] : []),
        alerts: props.alerts ?? [],
        endpoints: this.endpoints,
      },
    );
  }

  private renderFlags(props: CanaryReleaseProps) {
    const { progressDeadline, skipAnalysis, suspend, revertOnDeletion = true } = props;
    return {
      ...(progressDeadline && {
        progressDeadlineSeconds: wholeSeconds(this, 'progressDeadline', progressDeadline),
      }),
      ...(skipAnalysis && { skipAnalysis }),
      ...(suspend && { suspend }),
      ...(revertOnDeletion && { revertOnDeletion }),
    };
  }

  private requirePort(port: number | undefined): number {
    if (port === undefined) {
      throw constructError(this, {
        code: 'CONSTRUCT_PORT_MISSING',
        message: 'port: expected the port that the container listens on, got none',
        remedy: 'give `port`, or a cdk8s-plus Deployment whose container has a port',
      });
    }
    checkPort(this, 'port', port);
    return port;
  }

  private requireHost(host: string | undefined): string {
    if (host !== undefined) return host;
    throw constructError(this, {
      code: 'CONSTRUCT_HOST_MISSING',
      message: 'host: expected the DNS name that the router serves it under, got none',
      remedy: 'give `host`, or the name of an Ingress that exists as `ingress`, or use Routing.kubernetes()',
    });
  }
}
