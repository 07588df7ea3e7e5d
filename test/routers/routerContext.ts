import type { Clock } from '../../lib/ports/clock.js';
import type { Objects } from '../../lib/ports/objects.js';
import type { RouterContext } from '../../lib/ports/router.js';
import { VirtualClock } from '../../lib/sim/clock.js';

export function routerContext(
  objects: Objects,
  provider: string,
  ingressAnnotationsPrefix = 'nginx.ingress.kubernetes.io',
  ingressClass = '',
  clock: Clock = new VirtualClock(0),
): RouterContext {
  return { objects, clock, provider, ingressAnnotationsPrefix, ingressClass };
}
