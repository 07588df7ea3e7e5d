import { once } from 'node:events';
import { type Clock, sleep } from '../../ports/clock.js';
import type { Log } from '../../ports/log.js';
import { errorText } from '../errorText.js';
import { type ClaimOptions, createClaim, LEASE_NAME, type Outcome, RETRY_MS } from './claim.js';

export interface LeadershipOptions extends ClaimOptions {
  readonly log: Log;
}

interface Terms {
  /** We lead, from now on. */
  readonly onStarted: () => void;
  /** We do not lead any more: nothing may be written after this returns. */
  readonly onStopped: () => void;
}

export interface Leadership {
  /** Stands for election until stopped; resolves once leadership was lost or given up. */
  run(terms: Terms): Promise<void>;
  /** Gives leadership up, so that another need not wait for it to run out. */
  stop(): Promise<void>;
}

/** A leader that could not renew for so long has lost. */
const RENEW_MS = 15_000;

/** Leader election over a Lease, by Flagger's name and times, so that the two never act side by side. */
export function createLeadership(options: LeadershipOptions): Leadership {
  const { clock, log } = options;
  const claim = createClaim(options);
  const abort = new AbortController();
  let running: Promise<void> | undefined;

  const attempt = async (): Promise<Outcome> => {
    try {
      return await claim.hold();
    } catch (error) {
      log.log('warn', `leader election: ${errorText(error)}`, { lease: LEASE_NAME });
      return 'unknown';
    }
  };
  const campaign = async (): Promise<boolean> => {
    while (!abort.signal.aborted) {
      if ((await attempt()) === 'held') return true;
      await sleep(clock, RETRY_MS, abort.signal);
    }
    return false;
  };
  const stand = async (terms: Terms): Promise<void> => {
    if (!(await campaign())) return;
    log.log('info', 'became leader', { identity: options.identity });
    terms.onStarted();
    try {
      await renew(clock, attempt, abort.signal);
    } finally {
      terms.onStopped();
      log.log('info', 'leadership ended', { identity: options.identity });
    }
  };
  return {
    run(terms) {
      running ??= stand(terms);
      return running;
    },
    async stop() {
      abort.abort();
      await running;
      await claim.release();
    },
  };
}

/** Resolves when the Lease could not be renewed for RENEW_MS, when another holds it, or when `stopped` is aborted. */
async function renew(clock: Clock, attempt: () => Promise<Outcome>, stopped: AbortSignal): Promise<void> {
  const late = new AbortController();
  const ended = AbortSignal.any([stopped, late.signal]);
  // A timer and not the time of day, which may be set back; and it does not wait for a request that hangs.
  const arm = () => clock.timer(RENEW_MS, () => late.abort());
  let deadline = arm();
  const renewals = async (): Promise<void> => {
    while (!ended.aborted) {
      await sleep(clock, RETRY_MS, ended);
      if (ended.aborted) return;
      const outcome = await attempt();
      if (outcome === 'taken') return;
      if (outcome === 'held' && !ended.aborted) {
        deadline.cancel();
        deadline = arm();
      }
    }
  };
  await Promise.race([renewals(), once(late.signal, 'abort')]);
  deadline.cancel();
}
