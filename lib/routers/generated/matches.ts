import type { Canary } from '../../api/canary.js';
import { strategyOf } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import { unheededConditions } from '../../api/matching.js';

/** Throws for an A/B test with a match of which the router can look at nothing: it would mean every request. */
export function requireMatchable(provider: string, { spec }: Canary): void {
  if (strategyOf(spec) !== 'ab-testing') return;
  const lost = unheededConditions(provider, spec).find(({ whole }) => whole);
  if (!lost) return;
  throw new PerchError({
    code: 'ROUTER_MATCH_UNSUPPORTED',
    message: `expected analysis.match[${lost.index}] to go by ${lost.known.join(' or ')}, which is what provider ${provider} looks at, given ${lost.conditions.join(' and ')}`,
    remedy: `choose the requests by ${lost.known.join(' or ')}: a match without any would take every request`,
    path: `spec.analysis.match[${lost.index}]`,
  });
}
