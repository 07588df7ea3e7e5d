import { Canaries } from '../../api/canary.js';
import { timestamp } from '../../core/status.js';
import { isConflict } from '../cache/objects.js';
import type { Performer } from './performers.js';

/**
 * Writes what was decided, if the Canary still is the one that was observed. When somebody wrote in between, the
 * live Canary is read, so that the next decision is about it. An alert that has arrived is no longer noted as unsaid. A
 * transition is at the time of the write: what was asked before it may have taken long, and deadlines count from it.
 */
export const performWriteStatus: Performer<'writeStatus'> = async (
  { objects, alerts, clock },
  subject,
  { status: decided },
) => {
  const { canary } = subject;
  const { unsaid, ...rest } = decided;
  const said = unsaid && !alerts.isSaid(canary, unsaid) ? decided : rest;
  const transits = said.lastTransitionTime !== canary.status?.lastTransitionTime;
  const status = transits ? { ...said, lastTransitionTime: timestamp(clock.now()) } : said;
  try {
    subject.canary = await objects.updateStatus(Canaries, { ...canary, status });
    return 'changed';
  } catch (error) {
    if (!isConflict(error)) throw error;
    const { namespace = '', name = '' } = canary.metadata;
    await objects.fetch(Canaries, { namespace, name });
    return 'stale';
  }
};
