import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import type { Deployment } from 'cdk8s-plus-27';
import {
  type CanaryReleaseProps,
  CanaryRelease as ReleaseConstruct,
} from '../constructs/app/canaryRelease.js';
import type { CanaryPlatform } from './canaryPlatform.js';
import type { Inputs } from './inputs.js';
import { type ReleaseOutputs, releaseOutputs } from './release.js';
import type { WaitArgs } from './waiting.js';

export type CanaryReleaseArgs = Inputs<Omit<CanaryReleaseProps, 'platform' | 'deployment'>> &
  WaitArgs & {
    readonly platform: CanaryPlatform;
    /** What is released: a Deployment of this program, or the name of one. */
    readonly deployment: k8s.apps.v1.Deployment | Deployment | pulumi.Input<string>;
  };

/** Releases a Deployment that is declared elsewhere: Ingress, Canary and what its checks need. */
export class CanaryRelease extends pulumi.ComponentResource implements ReleaseOutputs {
  readonly url: pulumi.Output<string>;
  readonly phase: pulumi.Output<string | undefined>;
  readonly primaryRevision: pulumi.Output<string | undefined>;
  /** One for each object, as the construct makes them. */
  readonly resources: readonly pulumi.CustomResource[];

  constructor(name: string, args: CanaryReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    super('perch:index:CanaryRelease', name, {}, options);
    const { platform, deployment, wait, waitTimeout, kubeconfig, context, ...rest } = args;
    const { stack } = platform;
    const found = k8s.apps.v1.Deployment.isInstance(deployment) ? deployment : undefined;
    const target = found
      ? { deployment: found.metadata.name, namespace: found.metadata.namespace }
      : { deployment };
    const props = stack.tokens.encode<Omit<CanaryReleaseProps, 'platform'>>({ ...target, ...rest });
    const { construct, resources } = stack.add(
      this,
      name,
      (chart) => new ReleaseConstruct(chart, name, { ...props, platform: platform.construct }),
      [...platform.resources, ...(found ? [found] : [])],
    );
    this.resources = resources;
    const waiting = { wait, waitTimeout, kubeconfig, context };
    const tls = props.ingressOptions?.tlsSecretName !== undefined;
    const outputs = releaseOutputs(stack.tokens, construct.endpoints, tls, resources, waiting);
    this.url = outputs.url;
    this.phase = outputs.phase;
    this.primaryRevision = outputs.primaryRevision;
    this.registerOutputs({ ...outputs });
  }
}
