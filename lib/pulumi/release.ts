import * as pulumi from '@pulumi/pulumi';
import type { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Endpoints } from '../constructs/app/endpoints.js';
import type { IngressOptions } from '../constructs/app/ingress.js';
import type { CanaryPlatform as PlatformConstruct } from '../constructs/platform/canaryPlatform.js';
import { checkMade } from '../constructs/shape.js';
import { CanaryPlatform } from './canaryPlatform.js';
import { telling } from './refusal.js';
import { dependenciesOf } from './stack.js';
import { tokens } from './tokens.js';
import { awaitRelease, type Release, type WaitArgs } from './waiting.js';

/** What a component says of its release. */
export interface ReleaseOutputs {
  /** Where it answers: its host, or its Service inside the cluster where it has none. */
  readonly url: pulumi.Output<string>;
  /** Phase of the canary when the update was over; undefined in a preview and when nobody waited. */
  readonly phase: pulumi.Output<string | undefined>;
  /** Revision that users have; undefined as `phase` is. */
  readonly primaryRevision: pulumi.Output<string | undefined>;
}

/** What both components are given beside the props of their construct. */
export interface ReleaseArgs extends WaitArgs {
  readonly platform: CanaryPlatform;
}

/** The props of a component's construct, with a token for each Output. */
export function constructProps<Props extends { readonly platform: PlatformConstruct }>(
  name: string,
  args: ReleaseArgs & object,
): Props {
  const { platform, wait, waitTimeout, kubeconfig, context, ...rest } = args;
  telling(() => checkMade(name, 'platform', platform, CanaryPlatform));
  return { ...tokens.encode<Props>(rest), platform: platform.construct };
}

/** What a component is made of. */
interface Making {
  readonly construct: (chart: Chart) => Construct & { readonly endpoints: Endpoints };
  readonly ingressOptions: IngressOptions | undefined;
  readonly dependsOn?: readonly pulumi.Resource[];
}

/** What is released by a canary: the objects of a construct, and what becomes of the release. */
export class ReleaseComponent extends pulumi.ComponentResource implements ReleaseOutputs {
  readonly url: pulumi.Output<string>;
  readonly phase: pulumi.Output<string | undefined>;
  readonly primaryRevision: pulumi.Output<string | undefined>;
  /** One for each object, as the construct makes them. */
  readonly resources: readonly pulumi.CustomResource[];

  protected constructor(
    [type, name]: readonly [type: string, name: string],
    args: ReleaseArgs,
    { construct: make, ingressOptions, dependsOn = [] }: Making,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, {}, options);
    const { platform } = args;
    // Destroyed before the platform, while there is a controller to put things back.
    const after = [...platform.resources, ...dependsOn, ...dependenciesOf(options)];
    const { construct, resources } = platform.stack.add(this, name, make, after);
    this.resources = resources;
    this.url = urlOf(construct.endpoints, ingressOptions?.tlsSecretName !== undefined);
    const release = outcomeOf(construct.endpoints, resources, args);
    this.phase = release.apply(({ phase }) => phase);
    this.primaryRevision = release.apply(({ primaryRevision }) => primaryRevision);
    this.registerOutputs({ url: this.url, phase: this.phase, primaryRevision: this.primaryRevision });
  }
}

function urlOf({ name, namespace, host }: Endpoints, tls: boolean): pulumi.Output<string> {
  const url = host ? `${tls ? 'https' : 'http'}://${host}` : `http://${name}.${namespace}`;
  return pulumi.output(tokens.decodeText(url));
}

/** What became of the release, once everything is written; nothing in a preview and where nobody waits. */
function outcomeOf(
  { name, namespace }: Endpoints,
  resources: readonly pulumi.CustomResource[],
  { wait = true, waitTimeout: timeout = '1h', kubeconfig, context }: WaitArgs,
): pulumi.Output<Partial<Release>> {
  return pulumi
    .output({
      place: { name: tokens.decodeText(name), namespace: tokens.decodeText(namespace), kubeconfig, context },
      // Nothing is waited for before everything is written.
      written: pulumi.all(resources.map(({ id }) => id)),
    })
    .apply(async ({ place }): Promise<Partial<Release>> => {
      return !wait || pulumi.runtime.isDryRun() ? {} : awaitRelease({ ...place, timeout });
    });
}
