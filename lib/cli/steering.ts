import { Canaries, type ControlRequest, type ControlVerb, controlAnnotation } from '../api/canary.js';
import { findCanary } from '../deploy/canaryLookup.js';
import { messageOf } from '../deploy/outcome.js';
import { rolledBack } from '../deploy/rollback.js';
import { awaitAnswer, awaitOutcome, type Watching } from './outcome.js';

/** Longest wait for the controller to say yes or no. */
const answerMs = 30_000;

/** Verbs after which a release runs to its end. */
const running: readonly ControlVerb[] = ['resume', 'promote', 'retry'];

/** Asks for something, waits for the answer and, if wanted, for the end; returns what became of it. */
export async function steer(watching: Watching, request: ControlRequest, wait: boolean): Promise<string> {
  const { cluster, key } = watching;
  await findCanary(cluster, key);
  const annotations = { [controlAnnotation]: JSON.stringify(request) };
  await cluster.patch(Canaries, key, 'merge', { metadata: { annotations } });
  await awaitAnswer({ ...watching, timeoutMs: answerMs }, request.id);
  const done = `${request.verb} accepted`;
  if (!wait || request.verb === 'pause') return done;
  const outcome = await awaitOutcome(watching);
  if (outcome.verdict === 'failed' && running.includes(request.verb)) throw rolledBack(outcome);
  return `${done}: ${messageOf(outcome.canary)}`;
}
