import { PerchError } from '../api/errors.js';
import type { Kind } from '../api/kinds.js';
import { definitionMissing, ownKinds } from '../deploy/definitions.js';
import { ApiError } from '../ports/cluster.js';
import { inOneLine } from './failure.js';

/** A server that can say which kinds it knows. */
interface KindServer {
  serves(kind: Kind): Promise<boolean>;
}

/** Throws CLI_CRD_MISSING when the cluster lacks one of the three kinds, CLI_API_SERVER when nobody says. */
export async function checkKinds(cluster: KindServer): Promise<void> {
  for (const kind of ownKinds) {
    if (!(await knows(cluster, kind))) throw definitionMissing(kind);
  }
}

async function knows(cluster: KindServer, kind: Kind): Promise<boolean> {
  try {
    return await cluster.serves(kind);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new PerchError({
      code: 'CLI_API_SERVER',
      message: `expected the API server to say which kinds it knows, got: ${inOneLine(error)}`,
      remedy: error.isAway
        ? 'start the controller again when the API server answers, as its Deployment does by itself; see -kubeconfig and -master'
        : 'let the account of the controller or of the kubeconfig read what every account may: /apis',
      cause: error,
    });
  }
}
