import type { HttpResponse } from '../../ports/http.js';
import type { Random } from '../../ports/random.js';
import { binomial } from '../chance.js';
import { answering, type Behaviours } from '../models/behaviours.js';
import type { Pod } from '../models/pods.js';

function body(path: string, pod: Pod): string {
  if (path === '/token') return JSON.stringify({ token: 'virtual', expires_at: '2038-01-19T03:14:07Z' });
  return JSON.stringify({
    hostname: pod.name,
    version: pod.image.split(':').at(-1),
    message: 'greetings',
    path,
  });
}

/** One answer of the application in a pod. */
export function applicationAnswer(
  pod: Pod,
  path: string,
  behaviours: Behaviours,
  random: Random,
): HttpResponse {
  const [usual, failing] = answering(behaviours.of(pod.image), { path }, Number.POSITIVE_INFINITY).statuses;
  const code = binomial(random, 1, failing!.share) === 1 ? failing!.code : usual!.code;
  if (code >= 400) return { status: code, headers: {}, body: `status ${code}` };
  return { status: code, headers: { 'content-type': 'application/json' }, body: body(path, pod) };
}
