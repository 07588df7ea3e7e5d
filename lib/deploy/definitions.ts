import { AlertProviders } from '../api/alertProvider.js';
import { Canaries } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import type { Kind, KubeObject } from '../api/kinds.js';
import { MetricTemplates } from '../api/metricTemplate.js';

/** The kinds that `perch crds` prints the CustomResourceDefinitions of. */
export const ownKinds: readonly Kind[] = [Canaries, MetricTemplates, AlertProviders];

export const installDefinitions = 'install it: perch crds | kubectl apply --server-side -f -';

export function isOwn({ apiVersion = '', kind }: KubeObject): boolean {
  return ownKinds.some((own) => own.kind === kind && apiVersion === `${own.group}/${own.version}`);
}

/** CLI_CRD_MISSING: the cluster does not know one of perch's own kinds. */
export function definitionMissing({ plural, group }: Kind): PerchError {
  return new PerchError({
    code: 'CLI_CRD_MISSING',
    message: `expected the cluster to have the CRD ${plural}.${group}, found none`,
    remedy: installDefinitions,
    path: `${plural}.${group}`,
  });
}
