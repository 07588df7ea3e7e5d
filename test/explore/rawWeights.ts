import type { KubeObject } from '../../lib/api/kinds.js';
import type { Ingress } from '../../lib/api/workloads.js';
import type { Route } from '../../lib/routers/gateway-api/kinds.js';
import type { RawWeights } from './trace.js';

const prefix = 'nginx.ingress.kubernetes.io/canary';

/** What a routing object says, as it is written there; undefined for one that shares nothing. */
export function rawWeights(object: KubeObject): RawWeights | undefined {
  if (object.kind === 'HTTPRoute') return ofRoute(object as Route);
  return object.metadata.annotations?.[prefix] === 'true' ? ofIngress(object as Ingress) : undefined;
}

/** Its last rule: those before it, if any, are for cookies. */
function ofRoute({ spec }: Route): RawWeights {
  const { backendRefs = [] } = spec?.rules?.at(-1) ?? {};
  const sum = (refs: typeof backendRefs) => refs.reduce((total, { weight = 1 }) => total + weight, 0);
  const canary = sum(backendRefs.filter(({ name }) => name === 'podinfo-canary'));
  return { primary: sum(backendRefs) - canary, canary };
}

/** Who is chosen by a header gets the canary, whatever the weight. */
function ofIngress({ metadata: { annotations = {} } }: Ingress): RawWeights {
  const isChosen = annotations[`${prefix}-by-header`] !== undefined;
  const canary = isChosen ? 100 : Number(annotations[`${prefix}-weight`]);
  return { primary: Number(annotations[`${prefix}-weight-total`] ?? 100) - canary, canary };
}
