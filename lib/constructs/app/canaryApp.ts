import { type ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { refuseTwice } from '../declaredTwice.js';
import { checkNamespace, declareNamespace, homeOfNamespace } from '../namespace.js';
import { checkConstruct, type Shape } from '../shape.js';
import { CanaryRelease, type CanaryReleaseProps, releaseShape } from './canaryRelease.js';
import type { Endpoints } from './endpoints.js';
import { checkPort } from './range.js';
import { checkSecretsAtSynth, secretsNamedIn } from './secretAccess.js';
import { checkName } from './target.js';
import { defineAutoscaler, defineDeployment, type WorkloadProps, workloadShape } from './workload.js';

export interface CanaryAppProps
  extends WorkloadProps,
    Omit<CanaryReleaseProps, 'deployment' | 'knativeService' | 'name' | 'port' | 'autoscaler' | 'ingress'> {
  /** Of the Deployment, the Services, the Ingress and the Canary. @default - the construct's id */
  readonly name?: string;
  /** Namespace of everything; said here, derived everywhere. @default - the chart's, else `default` */
  readonly namespace?: string;
  /** Whether the namespace is declared too. @default true */
  readonly createNamespace?: boolean;
}

const { deployment, knativeService, autoscaler, ingress, ...released } = releaseShape;
const shape: Shape<CanaryAppProps> = { ...released, ...workloadShape, createNamespace: 'switch' };

/** The props that CanaryRelease knows too. */
function releaseProps(props: CanaryAppProps): Omit<CanaryReleaseProps, 'name' | 'namespace'> {
  const known = Object.entries(props).filter(([name]) => name in released);
  return Object.fromEntries(known) as unknown as CanaryReleaseProps;
}

/** An application and how it is released, from its image, its port and its host. */
export class CanaryApp extends Construct {
  readonly deployment: ApiObject;
  readonly autoscaler: ApiObject;
  readonly ingress: ApiObject | undefined;
  readonly canary: ApiObject;
  readonly endpoints: Endpoints;

  constructor(scope: Construct, id: string, props: CanaryAppProps) {
    super(scope, id);
    refuseTwice(this);
    checkConstruct(this, props, shape);
    const name = checkName(this, props.name ?? id);
    const namespace = props.namespace ?? Chart.of(this).namespace ?? 'default';
    checkNamespace(this, namespace);
    checkPort(this, 'port', props.port);
    const place = { name, namespace };
    const routing = props.routing ?? props.platform.routing;
    const declare = props.createNamespace ?? true;
    const home = declare ? homeOfNamespace(this, props.platform.foundation) : undefined;
    const namespaceObject =
      home && declareNamespace(home, `namespace-${namespace}`, namespace, routing.namespaceMetadata);

    this.deployment = defineDeployment(this, place, props);
    this.autoscaler = defineAutoscaler(this, place, props.autoscaling ?? {});
    const secrets = [...(props.secrets ?? []), ...secretsNamedIn(this.deployment.toJson())];
    checkSecretsAtSynth(this, this.deployment, { platform: props.platform, tracked: secrets });
    const release = new CanaryRelease(this, 'release', {
      ...releaseProps(props),
      name,
      namespace,
      deployment: name,
      autoscaler: name,
      secrets,
    });
    for (const part of [this.deployment, this.autoscaler, release]) {
      if (namespaceObject) part.node.addDependency(namespaceObject);
    }
    this.ingress = release.ingress;
    this.canary = release.canary;
    this.endpoints = release.endpoints;
  }
}
