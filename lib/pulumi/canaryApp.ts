import type * as pulumi from '@pulumi/pulumi';
import type { Chart } from 'cdk8s';
import { CanaryApp as AppConstruct, type CanaryAppProps } from '../constructs/app/canaryApp.js';
import type { Inputs } from './inputs.js';
import { constructProps, type ReleaseArgs, ReleaseComponent } from './release.js';

export type CanaryAppArgs = Inputs<Omit<CanaryAppProps, 'platform'>> & ReleaseArgs;

/** An application and how it is released, from its image, its port and its host. */
export class CanaryApp extends ReleaseComponent {
  constructor(name: string, args: CanaryAppArgs, options?: pulumi.ComponentResourceOptions) {
    const props = constructProps<CanaryAppProps>(name, args);
    const { ingressOptions } = props;
    const construct = (chart: Chart) => new AppConstruct(chart, name, props);
    super(['perch:index:CanaryApp', name], args, { construct, ingressOptions }, options);
  }
}
