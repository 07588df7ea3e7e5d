import { PerchError } from '../../api/errors.js';
import { isRoutePending, type Routes } from '../../ports/router.js';
import type { Outcome, Performer } from './performers.js';

/** Sends traffic as decided. An edit by somebody else is put right, and said. */
export const performRoute: Performer<'route'> = async ({ routing, recorder }, { canary, isNew }, effect) => {
  const desired: Routes = { primary: effect.primary, canary: effect.canary, mirrored: effect.mirrored };
  const { found, changed } = await routing.routerOf(canary).sync(canary, desired);
  const last = routing.last(canary);
  if (changed && found && last && same(last, desired) && !same(found, desired)) {
    recorder.record(canary, {
      type: 'Warning',
      text: `Routing of ${canary.metadata.name}.${canary.metadata.namespace} was changed by somebody else to ${textOf(found)}, put back to ${textOf(desired)}`,
    });
  }
  routing.remember(canary, desired);
  if (changed && !isNew) routing.moved(canary);
  return changed ? 'changed' : 'done';
};

/** Takes back what was routed. Routes that the Canary does not allow for were never made, and must not keep it. */
export const performReleaseRoutes: Performer<'releaseRoutes'> = async (
  { routing, recorder },
  { canary },
): Promise<Outcome> => {
  try {
    await routing.routerOf(canary).finalize(canary);
  } catch (error) {
    if (!(error instanceof PerchError) || isRoutePending(error)) throw error;
    recorder.record(canary, { type: 'Warning', text: error.message });
  }
  return 'done';
};

function same(a: Routes, b: Routes): boolean {
  return a.primary === b.primary && a.canary === b.canary && a.mirrored === b.mirrored;
}

function textOf({ primary, canary, mirrored }: Routes): string {
  return `primary ${primary} canary ${canary}${mirrored ? ' mirrored' : ''}`;
}
