import { capabilitiesOf } from '../../api/providers.js';
import type { Router } from '../../ports/router.js';

/**
 * Provider `kubernetes`: no mesh and no ingress, so nothing is routed and nothing is written. Traffic reaches the
 * primary through the apex Service alone; the canary is tested through its own Service.
 */
export function kubernetesRouter(): Router {
  return {
    capabilities: () => capabilitiesOf('kubernetes'),
    watches: () => [],
    sync: async () => ({ found: undefined, changed: false }),
    finalize: async () => {},
  };
}
