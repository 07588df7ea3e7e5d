import * as k8s from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import type { Chart } from 'cdk8s';
import type { Deployment } from 'cdk8s-plus-27';
import {
  type CanaryReleaseProps,
  CanaryRelease as ReleaseConstruct,
} from '../constructs/app/canaryRelease.js';
import type { Inputs } from './inputs.js';
import { constructProps, type ReleaseArgs, ReleaseComponent } from './release.js';

export type CanaryReleaseArgs = Inputs<Omit<CanaryReleaseProps, 'platform' | 'deployment'>> &
  ReleaseArgs & {
    /** What is released: a Deployment of this program, or the name of one; else give `knativeService`. */
    readonly deployment?: k8s.apps.v1.Deployment | Deployment | pulumi.Input<string>;
  };

/** Releases a Deployment that is declared elsewhere: Ingress, Canary and what its checks need. */
export class CanaryRelease extends ReleaseComponent {
  constructor(
    name: string,
    { deployment, ...args }: CanaryReleaseArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    const found = k8s.apps.v1.Deployment.isInstance(deployment) ? deployment : undefined;
    const target = found
      ? { deployment: found.metadata.name, namespace: found.metadata.namespace }
      : { ...(deployment !== undefined && { deployment }) };
    const props = constructProps<CanaryReleaseProps>(name, { ...target, ...args });
    const { ingressOptions } = props;
    const construct = (chart: Chart) => new ReleaseConstruct(chart, name, props);
    const dependsOn = found ? [found] : [];
    super(['perch:index:CanaryRelease', name], args, { construct, ingressOptions, dependsOn }, options);
  }
}
