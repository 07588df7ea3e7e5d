import type { RouterName } from '../api/providers.js';
import type { RouterFactory } from '../ports/router.js';
import { gatewayApiV1, gatewayApiV1beta1 } from './gateway-api/router.js';
import { kubernetesRouter } from './kubernetes/router.js';
import { nginxRouter } from './nginx/router.js';

/** Every router by the provider's name. */
export const routers = {
  nginx: nginxRouter,
  kubernetes: kubernetesRouter,
  'gatewayapi:v1': gatewayApiV1,
  'gatewayapi:v1beta1': gatewayApiV1beta1,
} satisfies Record<RouterName, RouterFactory>;
