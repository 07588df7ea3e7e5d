import type { Canary } from '../../api/canary.js';
import type { Kind } from '../../api/kinds.js';
import type { Router, RouterCapabilities, RouterContext, Routes } from '../../ports/router.js';
import type { Blueprint } from './blueprint.js';
import { requireMatchable } from './matches.js';
import { createWriter } from './writer.js';

/** What tells one router that generates its objects from another. */
export interface RouterParts {
  capabilities(canary: Canary): RouterCapabilities;
  watches(canary: Canary): readonly Kind[];
  /** Every object, in the order in which they are needed. Throws a PerchError for what cannot be expressed. */
  blueprints(canary: Canary, desired: Routes): readonly Blueprint[];
  /** What the objects say now; undefined when they are not there or say nothing that is a share. */
  routes(canary: Canary): Routes | undefined;
  /** Throws `routePending` while the data plane has not taken what was written. */
  inForce?(canary: Canary): void;
}

/** A router whose routing objects are wholly derived from the Canary. */
export function generatedRouter(context: RouterContext, parts: RouterParts): Router {
  const writer = createWriter(context.objects, context.clock);
  return {
    capabilities: (canary) => parts.capabilities(canary),
    watches: (canary) => parts.watches(canary),
    async sync(canary, desired) {
      requireMatchable(context.provider, canary);
      const found = parts.routes(canary);
      let changed = false;
      for (const blueprint of parts.blueprints(canary, desired)) {
        if (await writer.ensure(canary, blueprint)) changed = true;
      }
      if (!changed) parts.inForce?.(canary);
      return { found, changed };
    },
    async finalize(canary) {
      const all = { primary: 100, canary: 0, mirrored: false };
      for (const blueprint of parts.blueprints(canary, all)) await writer.revert(canary, blueprint);
    },
  };
}
