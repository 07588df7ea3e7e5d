import { Canaries } from '../../api/canary.js';
import { isConflict } from '../cache/objects.js';
import type { Performer } from './performers.js';

/**
 * Writes what was decided, if the Canary still is the one that was observed. When somebody wrote in between, the
 * live Canary is read, so that the next decision is about it. An alert that has arrived is no longer noted as unsaid.
 */
export const performWriteStatus: Performer<'writeStatus'> = async (
  { objects, alerts },
  subject,
  { status: decided },
) => {
  const { canary } = subject;
  const { unsaid, ...rest } = decided;
  const status = unsaid && !alerts.isSaid(canary, unsaid) ? decided : rest;
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
