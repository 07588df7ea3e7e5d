import * as pulumi from '@pulumi/pulumi';
import type { Endpoints } from '../constructs/app/endpoints.js';
import type { Tokens } from './tokens.js';
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

/** The outputs; reading `phase` or `primaryRevision` comes after the wait. */
export function releaseOutputs(
  tokens: Tokens,
  endpoints: Endpoints,
  tls: boolean,
  resources: readonly pulumi.CustomResource[],
  args: WaitArgs,
): ReleaseOutputs {
  const { name, namespace, host } = endpoints;
  const url = pulumi.output(
    tokens.decodeText(host ? `${tls ? 'https' : 'http'}://${host}` : `http://${name}.${namespace}`),
  );
  const { wait = true, waitTimeout: timeout = '1h', kubeconfig, context } = args;
  const release = pulumi
    .output({
      place: { name: tokens.decodeText(name), namespace: tokens.decodeText(namespace), kubeconfig, context },
      // Nothing is waited for before everything is written.
      written: pulumi.all(resources.map(({ id }) => id)),
    })
    .apply(async ({ place }): Promise<Partial<Release>> => {
      return !wait || pulumi.runtime.isDryRun() ? {} : awaitRelease({ ...place, timeout });
    });
  return {
    url,
    phase: release.apply(({ phase }) => phase),
    primaryRevision: release.apply(({ primaryRevision }) => primaryRevision),
  };
}
