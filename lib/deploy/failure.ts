import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import { ApiError } from '../ports/cluster.js';
import { conflictsOf } from './conflict.js';
import { type Declared, titleOf } from './manifest.js';

/** What the API server said about an object, with the construct that declares it. */
export function explainRefusal(declared: Declared, error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const { object } = declared;
  const title = titleOf(object);
  const path = declared.path ? `${declared.path} (${title})` : title;
  return new PerchError({ ...causeOf(object, error), path, cause: error });
}

/** As explainRefusal, for an answer that is about no object of the program. */
export function explainAnswer(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  return new PerchError({ ...causeOf(undefined, error), cause: error });
}

function causeOf(object: KubeObject | undefined, error: ApiError) {
  const { status, message } = error;
  const conflicts = conflictsOf(error);
  if (conflicts.length > 0) {
    const owned = conflicts.map(({ manager, field }) => `${field} (owned by ${manager})`);
    return {
      code: 'DEPLOY_CONFLICT',
      message: `expected nobody else to have set these fields to another value, found ${owned.join(', ')}`,
      remedy: 'take the fields out of the program, or take them over with --force-conflicts',
    };
  }
  if (status === 401 || status === 403) {
    return {
      code: 'DEPLOY_FORBIDDEN',
      message: `the API server does not let you: ${message}`,
      remedy:
        status === 401
          ? 'log in again: it does not take the credentials of the kubeconfig'
          : rightsFor(object),
    };
  }
  if (error.isAway) {
    return {
      code: 'DEPLOY_API_SERVER',
      message: `the API server did not answer: ${message}`,
      remedy: object
        ? 'run the same command again when the API server is back: it goes on where it stopped'
        : 'run the same command again when the API server is back; --context and --kubeconfig name another',
    };
  }
  return {
    code: 'DEPLOY_REFUSED',
    message: `the API server refused: ${message}`,
    remedy: object
      ? 'put right in the program what the message names'
      : 'see that the context of the kubeconfig is the cluster that you mean: --context and --kubeconfig name another',
  };
}

function rightsFor(object: KubeObject | undefined): string {
  if (!object) return 'ask for a Role that allows what the message names';
  return object.kind === 'CustomResourceDefinition'
    ? 'let an administrator run `perch crds | kubectl apply --server-side -f -`, and give the platform `crds: false`'
    : 'ask for a Role with the verbs get and patch for this kind (and create, list, delete)';
}
