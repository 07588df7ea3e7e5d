import { AlertProviders } from '../api/alertProvider.js';
import { Canaries } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import type { Kind } from '../api/kinds.js';
import { MetricTemplates } from '../api/metricTemplate.js';
import { ApiError } from '../ports/cluster.js';
import { inOneLine } from './failure.js';

/** A server that can say which kinds it knows. */
interface KindServer {
  serves(kind: Kind): Promise<boolean>;
}

/** Throws CLI_CRD_MISSING when the cluster lacks one of the three kinds, CLI_API_SERVER when nobody says. */
export async function checkKinds(cluster: KindServer): Promise<void> {
  for (const kind of [Canaries, MetricTemplates, AlertProviders]) {
    if (await knows(cluster, kind)) continue;
    throw new PerchError({
      code: 'CLI_CRD_MISSING',
      message: `expected the cluster to have the CRD ${kind.plural}.${kind.group}, found none`,
      remedy: 'install it: perch crds | kubectl apply --server-side -f -',
      path: `${kind.plural}.${kind.group}`,
    });
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
