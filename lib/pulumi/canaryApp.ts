import * as pulumi from '@pulumi/pulumi';
import { CanaryApp as AppConstruct, type CanaryAppProps } from '../constructs/app/canaryApp.js';
import type { CanaryPlatform } from './canaryPlatform.js';
import type { Inputs } from './inputs.js';
import { type ReleaseOutputs, releaseOutputs } from './release.js';
import type { WaitArgs } from './waiting.js';

export type CanaryAppArgs = Inputs<Omit<CanaryAppProps, 'platform'>> &
  WaitArgs & { readonly platform: CanaryPlatform };

/** An application and how it is released, from its image, its port and its host. */
export class CanaryApp extends pulumi.ComponentResource implements ReleaseOutputs {
  readonly url: pulumi.Output<string>;
  readonly phase: pulumi.Output<string | undefined>;
  readonly primaryRevision: pulumi.Output<string | undefined>;
  /** One for each object, as the construct makes them. */
  readonly resources: readonly pulumi.CustomResource[];

  constructor(name: string, args: CanaryAppArgs, options?: pulumi.ComponentResourceOptions) {
    super('perch:index:CanaryApp', name, {}, options);
    const { platform, wait, waitTimeout, kubeconfig, context, ...rest } = args;
    const { stack } = platform;
    const props = stack.tokens.encode<Omit<CanaryAppProps, 'platform'>>(rest);
    const { construct, resources } = stack.add(
      this,
      name,
      (chart) => new AppConstruct(chart, name, { ...props, platform: platform.construct }),
      // Destroyed before the platform, while there is a controller to put things back.
      platform.resources,
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
