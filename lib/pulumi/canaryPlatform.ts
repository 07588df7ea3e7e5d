import * as pulumi from '@pulumi/pulumi';
import {
  type CanaryPlatformProps,
  CanaryPlatform as PlatformConstruct,
} from '../constructs/platform/canaryPlatform.js';
import type { Inputs } from './inputs.js';
import { dependenciesOf, Stack } from './stack.js';
import { tokens } from './tokens.js';

export type CanaryPlatformArgs = Inputs<CanaryPlatformProps>;

/** What a cluster needs once, before its applications can be released step by step. */
export class CanaryPlatform extends pulumi.ComponentResource {
  /** Namespace of the controller, Prometheus and the load tester. */
  readonly namespace: pulumi.Output<string>;
  /** URL of the Prometheus in use. */
  readonly metricsAddress: pulumi.Output<string>;
  /** One for each object, as the construct makes them. */
  readonly resources: readonly pulumi.CustomResource[];
  /** @internal */
  readonly stack = new Stack();
  /** @internal */
  readonly construct: PlatformConstruct;

  constructor(name: string, args: CanaryPlatformArgs = {}, options?: pulumi.ComponentResourceOptions) {
    super('perch:index:CanaryPlatform', name, {}, options);
    const { construct, resources } = this.stack.add(
      this,
      name,
      (chart) => new PlatformConstruct(chart, 'platform', tokens.encode<CanaryPlatformProps>(args)),
      dependenciesOf(options),
    );
    this.construct = construct;
    this.resources = resources;
    this.namespace = pulumi.output(tokens.decodeText(construct.namespace));
    this.metricsAddress = pulumi.output(tokens.decodeText(construct.metricsAddress));
    this.registerOutputs({ namespace: this.namespace, metricsAddress: this.metricsAddress });
  }
}
