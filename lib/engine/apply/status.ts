import { Canaries, type CanaryStatus } from '../../api/canary.js';
import { timestamp } from '../../core/status.js';
import { isConflict } from '../cache/objects.js';
import { sameJson } from '../sameJson.js';
import { isOvertaken } from './overtaken.js';
import type { Performer } from './performers.js';

/**
 * Writes what was decided, if the Canary still is the one that was observed. When somebody wrote in between, the
 * live Canary is read, so that the next decision is about it. An alert that has arrived, or that nobody is to be told, is
 * not noted as unsaid; what would then say nothing but what the pass has written already is not written again. A
 * transition is at the time of the write: what was asked before it may have taken long, and deadlines count from it.
 *
 * What puts on record that something was told is written over the live Canary, if somebody changed anything but its
 * status: decided anew, it would be told again.
 */
export const performWriteStatus: Performer<'writeStatus'> = async (
  { objects, alerts, clock },
  subject,
  { status: decided },
) => {
  const { canary } = subject;
  const { unsaid, ...rest } = decided;
  const said = unsaid && !alerts.isSaid(canary, unsaid) ? decided : rest;
  if (subject.written && saysSame(subject.written, said)) return 'done';
  const transits = said.lastTransitionTime !== canary.status?.lastTransitionTime;
  const status = transits ? { ...said, lastTransitionTime: timestamp(clock.now()) } : said;
  const { namespace = '', name = '' } = canary.metadata;
  for (let observed = canary; ; ) {
    try {
      subject.canary = await objects.updateStatus(Canaries, { ...observed, status });
      subject.written = status;
      return 'changed';
    } catch (error) {
      if (!isConflict(error)) throw error;
      const live = await objects.fetch(Canaries, { namespace, name });
      if (!live || !subject.told || isOvertaken(objects, canary) || !sameJson(live.status, canary.status))
        return 'stale';
      observed = live;
    }
  }
};

/** But for the time, which is that of the write. */
function saysSame(a: CanaryStatus, b: CanaryStatus): boolean {
  const { lastTransitionTime: _, ...rest } = a;
  const { lastTransitionTime: __, ...other } = b;
  return sameJson(rest, other);
}
