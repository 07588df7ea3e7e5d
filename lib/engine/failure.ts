import { Canaries } from '../api/canary.js';
import type { Log } from '../ports/log.js';
import { isRoutePending } from '../ports/router.js';
import { splitKey } from './cache/key.js';
import { advisedText, errorText } from './errorText.js';
import type { PassContext } from './pass.js';

/** Milliseconds before the same failure of the same canary is said again. */
const SAID_AGAIN_MS = 60_000;
/** Back-off from which on a route that is not taken yet is said: about ten seconds after it was written. */
const PENDING_SAID_MS = 5_000;

/** A pass that failed is retried; its canary says why, as Flagger's does. */
export function reportFailure(
  context: Pick<PassContext, 'caches' | 'recorder'>,
  log: Log,
  key: string,
  error: unknown,
  retryInMs: number,
): void {
  const text = errorText(error);
  const { namespace, name } = splitKey(key);
  log.log('debug', `pass failed: ${text}`, { canary: `${name}.${namespace}`, retryInMs });
  // who just wrote a route gives the gateway some seconds to take it before saying that it has not
  if (isRoutePending(error) && retryInMs < PENDING_SAID_MS) return;
  const canary = context.caches.read(Canaries, { namespace, name });
  if (canary)
    context.recorder.recordSeldom(canary, `failure ${text}`, SAID_AGAIN_MS, {
      text: advisedText(error),
      type: 'Warning',
    });
}
