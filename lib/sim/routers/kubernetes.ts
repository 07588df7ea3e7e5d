import { ingressDoor } from './ingressRules.js';
import type { RouterModel } from './model.js';

/** Services alone: whoever asks one gets its pods, which count for themselves. */
export const kubernetes: RouterModel = {
  kinds: [],
  dataPlanes: [],
  route: () => undefined,
  door: ingressDoor,
};
