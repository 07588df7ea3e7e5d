import type { Deployment } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { constructError } from '../failure.js';

/** What a release needs to know of a Deployment that somebody else declared. */
export interface Target {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly port: number | undefined;
}

/** A cdk8s-plus Deployment, or the name of one that is in the cluster. */
export function readTarget(scope: Construct, deployment: Deployment | string): Target {
  if (typeof deployment === 'string')
    return { name: checkName(scope, deployment), namespace: undefined, port: undefined };
  return {
    name: deployment.name,
    namespace: deployment.metadata.namespace,
    port: deployment.containers.find(({ portNumber }) => portNumber !== undefined)?.portNumber,
  };
}

/** Throws unless `name` is a DNS label with room for the `-primary` that the controller adds. */
export function checkName(scope: Construct, name: string): string {
  const longest = 63 - '-primary'.length;
  if (name.length <= longest && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) return name;
  throw constructError(scope, {
    code: 'CONSTRUCT_NAME',
    message: `name: expected lower-case letters, digits and dashes, a letter first, at most ${longest} of them, got ${JSON.stringify(name)}`,
    remedy: 'give another `name`: the Services are called after it, with -primary and -canary added',
  });
}
