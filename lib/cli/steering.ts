import { Canaries, type ControlRequest, type ControlVerb, controlAnnotation } from '../api/canary.js';
import { findCanary } from '../deploy/canaryLookup.js';
import { assertReleased, awaitAnswer, awaitOutcome, type Watching } from './outcome.js';

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
  const end = await awaitOutcome(watching);
  if (running.includes(request.verb)) assertReleased(watching, end);
  return `${done}: ${end.message}`;
}
