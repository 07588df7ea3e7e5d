import { ApiObject } from 'cdk8s';
import type { Deployment } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { constructError } from '../failure.js';
import { secretsNamedIn } from './secretAccess.js';

/** What a release needs to know of a target that somebody else declared. */
export interface Target {
  readonly kind: 'Deployment' | 'KnativeService';
  readonly name: string;
  readonly namespace: string | undefined;
  readonly port: number | undefined;
  /** Secrets that its pods name, so far. */
  readonly secrets: readonly string[];
  /** Undefined when it is given by name. */
  readonly workload?: ApiObject;
}

export interface TargetProps {
  readonly deployment?: Deployment | string;
  readonly knativeService?: string;
}

/** A cdk8s-plus Deployment, or the name of one that is in the cluster, or the name of a Knative Service. */
export function readTarget(
  scope: Construct,
  { deployment, knativeService }: TargetProps,
  provider: string,
): Target {
  if ((deployment === undefined) === (knativeService === undefined)) {
    throw constructError(scope, {
      code: 'CONSTRUCT_TARGET',
      message: `expected either deployment or knativeService, got ${deployment === undefined ? 'neither' : 'both'}`,
      remedy: 'name what is released: `deployment`, or `knativeService` with Routing.knative()',
    });
  }
  if ((knativeService !== undefined) !== (provider === 'knative')) {
    throw constructError(scope, {
      code: 'CONSTRUCT_TARGET',
      message: `expected Routing.knative() with knativeService and with nothing else, got the provider ${provider} with ${knativeService === undefined ? 'a Deployment' : `the Knative Service ${knativeService}`}`,
      remedy: 'release a Knative Service by CanaryRelease with `knativeService` and Routing.knative()',
    });
  }
  if (knativeService !== undefined) {
    const name = checkName(scope, knativeService);
    return { kind: 'KnativeService', name, namespace: undefined, port: undefined, secrets: [] };
  }
  return readDeployment(scope, deployment!);
}

function readDeployment(scope: Construct, deployment: Deployment | string): Target {
  const kind = 'Deployment';
  if (typeof deployment === 'string') {
    return { kind, name: checkName(scope, deployment), namespace: undefined, port: undefined, secrets: [] };
  }
  const workload = ApiObject.of(deployment);
  return {
    kind,
    name: deployment.name,
    namespace: deployment.metadata.namespace,
    port: deployment.containers.find(({ portNumber }) => portNumber !== undefined)?.portNumber,
    // cdk8s-plus renders no Deployment without containers
    secrets: deployment.containers.length > 0 ? secretsNamedIn(workload.toJson()) : [],
    workload,
  };
}

/** `spec.targetRef` and, where pods are behind Services, `spec.service`. */
export const targetKinds = {
  Deployment: { apiVersion: 'apps/v1', kind: 'Deployment' },
  KnativeService: { apiVersion: 'serving.knative.dev/v1', kind: 'Service' },
} as const satisfies Record<Target['kind'], object>;

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
