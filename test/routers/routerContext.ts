import type { Objects } from '../../lib/ports/objects.js';
import type { RouterContext } from '../../lib/ports/router.js';

export function routerContext(
  objects: Objects,
  provider: string,
  ingressAnnotationsPrefix = 'nginx.ingress.kubernetes.io',
  ingressClass = '',
): RouterContext {
  return { objects, provider, ingressAnnotationsPrefix, ingressClass };
}
