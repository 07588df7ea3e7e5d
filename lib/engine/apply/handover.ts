import { serviceNames } from '../../api/defaults.js';
import { Services } from '../../api/workloads.js';
import { sleep } from '../../ports/clock.js';
import { SETTLE_MS } from '../../ports/router.js';
import { isOvertaken } from './overtaken.js';
import type { Performer } from './performers.js';

/** Requests for the app go to the primary. */
export const performEnsureApex: Performer<'ensureApex'> = async ({ objects, targetOf, routing }, subject) => {
  const { canary } = subject;
  const key = { namespace: canary.metadata.namespace ?? '', name: serviceNames(canary).apex };
  const missing = objects.read(Services, key) === undefined;
  const changed = await targetOf(canary).ensureApex(canary);
  if (changed && missing) subject.isNew = true;
  else if (changed) routing.moved(canary);
  return changed ? 'changed' : 'done';
};

/**
 * The target's pods come, or go: not before every proxy has heard that requests go elsewhere, or those that it still
 * sends them would fail (Flagger does not wait). Whoever takes over in between does not know of the move; by the time
 * that takes, proxies do.
 */
export const performScaleTarget: Performer<'scaleTarget'> = async (context, { canary }, { to }) => {
  const { objects, targetOf, routing, clock, aside, signal } = context;
  const sinceMs = clock.now() - (routing.movedAt(canary) ?? -Infinity);
  if (to === 'zero' && sinceMs < SETTLE_MS) {
    // not longer when the clock was set back
    await aside(() => sleep(clock, SETTLE_MS - Math.max(0, sinceMs), signal));
    if (signal.aborted || isOvertaken(objects, canary)) return 'stale';
  }
  return (await targetOf(canary).scale(canary, to)) ? 'changed' : 'done';
};
