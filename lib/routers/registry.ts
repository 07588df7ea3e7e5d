import type { RouterFactory } from '../ports/router.js';
import { kubernetesRouter } from './kubernetes/router.js';
import { nginxRouter } from './nginx/router.js';

/** Providers of `spec.provider` and `-mesh-provider` that have a router. */
export type RouterName = 'nginx' | 'kubernetes';

/** Every router by the provider's name. */
export const routers = {
  nginx: nginxRouter,
  kubernetes: kubernetesRouter,
} satisfies Record<RouterName, RouterFactory>;
