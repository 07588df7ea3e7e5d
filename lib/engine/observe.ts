import type { Canary } from '../api/canary.js';
import { referenceNamespace } from '../api/defaults.js';
import { PerchError } from '../api/errors.js';
import type { Observation } from '../core/observation.js';
import type { RouterCapabilities } from '../ports/router.js';
import { advisedText } from './errorText.js';
import type { Routing } from './routing.js';
import type { Target } from './targets/target.js';

export interface ObserveContext {
  readonly routing: Routing;
  readonly targetOf: (canary: Canary) => Target;
  readonly noCrossNamespaceRefs: boolean;
}

/** Capabilities to decide with while there is no router: nothing is routed then. */
const NO_ROUTER: RouterCapabilities = { weights: false, abTest: false, mirror: false };

/** The world as the caches show it at this moment; costs no request but for configs that changed. */
export async function observe(context: ObserveContext, canary: Canary, now: number): Promise<Observation> {
  const base = { now, canary, provider: context.routing.providerOf(canary) };
  try {
    const router = context.routing.routerOf(canary).capabilities(canary);
    try {
      if (context.noCrossNamespaceRefs) forbidCrossNamespaceRefs(canary);
      return { ...base, router, ...(await context.targetOf(canary).observe(canary, now)) };
    } catch (error) {
      return { ...base, router, targetError: explain(error) };
    }
  } catch (error) {
    return { ...base, router: NO_ROUTER, targetError: explain(error) };
  }
}

/** Of a canary that nothing has to be known of any more. */
export function unobserved(canary: Canary, now: number): Observation {
  return { now, canary, provider: '', router: NO_ROUTER };
}

/** What the user can mend becomes part of the observation; everything else is a failed pass. */
function explain(error: unknown): string {
  if (error instanceof PerchError) return advisedText(error);
  throw error;
}

function forbidCrossNamespaceRefs(canary: Canary): void {
  const { metrics = [], alerts = [] } = canary.spec.analysis;
  const references = [
    ...metrics.map(({ templateRef }) => ({ what: 'metric template', ref: templateRef })),
    ...alerts.map(({ providerRef }) => ({ what: 'alert provider', ref: providerRef })),
  ];
  for (const { what, ref } of references) {
    const namespace = ref && referenceNamespace(canary, ref);
    if (!ref || namespace === canary.metadata.namespace) continue;
    throw new PerchError({
      code: 'ENGINE_CROSS_NAMESPACE',
      message: `can't access ${what} ${ref.name}.${namespace}, cross-namespace references are blocked`,
      remedy: "move it to the canary's namespace, or start the controller without -no-cross-namespace-refs",
      path: 'spec.analysis',
    });
  }
}
