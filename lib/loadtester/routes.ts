import type { Log } from '../ports/log.js';
import type { Admission } from './admission.js';
import { type Answer, answer, type Question } from './answer.js';
import { BODY_LIMIT_BYTES } from './body.js';
import type { Gates } from './gates.js';
import type { Ledger } from './load/ledger.js';
import type { TaskMetrics } from './metrics.js';
import { canaryOf, type Payload, parsePayload } from './payload.js';
import type { Runner } from './runner.js';
import { taskHandler, taskHandlers } from './tasks/registry.js';
import { refuseTask } from './tasks/task.js';

export interface RouteParts {
  readonly gates: Gates;
  readonly runner: Runner;
  readonly metrics: TaskMetrics;
  readonly ledger: Ledger;
  readonly log: Log;
  /** Who may ask for anything but health and metrics. */
  readonly admit: Admission;
  /** Programs that tasks may run; `*` is any. */
  readonly programs: readonly string[];
  /** Namespaces whose canaries are served; all when undefined. */
  readonly namespaces: RegExp | undefined;
}

export type Answering = (question: Question) => Promise<Answer>;

/** Flagger's load tester as a function; the HTTP method makes no difference, as with Flagger's. */
export function createRoutes(parts: RouteParts): Answering {
  const { metrics } = parts;
  const fixed: Readonly<Record<string, () => Promise<Answer>>> = {
    '/healthz': async () => answer(200, 'OK'),
    '/metrics': async () => ({ status: 200, body: await metrics.text(), contentType: metrics.contentType }),
  };
  const constant: Readonly<Record<string, Answer>> = {
    '/gate/approve': answer(200, 'OK'),
    '/gate/halt': answer(403, 'Forbidden'),
  };
  const forCanaries = { ...gateRoutes(parts, 'gate', ''), ...gateRoutes(parts, 'rollback', 'rollback.') };
  return async (question) => {
    if (Object.hasOwn(fixed, question.path)) return fixed[question.path]!();
    const refused = parts.admit(question.authorization);
    if (refused) {
      parts.log.log('warn', `${question.path}: ${refused.body}`);
      return refused;
    }
    if (Object.hasOwn(constant, question.path)) return constant[question.path]!;
    if (question.path === '/loads') {
      return { status: 200, body: JSON.stringify(parts.ledger.entries()), contentType: 'application/json' };
    }
    const body = await question.body();
    if (body === undefined) {
      return answer(
        413,
        `expected a body of at most ${BODY_LIMIT_BYTES} bytes, got more; shorten the hook's metadata`,
      );
    }
    const payload = parsePayload(body);
    if (!payload) {
      parts.log.log('warn', 'the body is not a webhook payload', { path: question.path });
      return answer(400);
    }
    if (parts.namespaces && !parts.namespaces.test(payload.namespace)) return answer(403, 'Forbidden');
    if (Object.hasOwn(forCanaries, question.path)) return forCanaries[question.path]!(payload);
    return startTask(payload, parts);
  };
}

function gateRoutes(
  { gates, log }: RouteParts,
  kind: 'gate' | 'rollback',
  prefix: string,
): Readonly<Record<string, (payload: Payload) => Answer>> {
  const key = (payload: Payload) => `${prefix}${canaryOf(payload)}`;
  const turn = (payload: Payload, to: 'open' | 'close'): Answer => {
    gates[to](key(payload));
    log.log('info', `${kind} ${to === 'open' ? 'opened' : 'closed'}`, { canary: canaryOf(payload) });
    return answer(202);
  };
  return {
    [`/${kind}/check`]: (payload) =>
      gates.isOpen(key(payload)) ? answer(200, 'Approved') : answer(403, 'Forbidden'),
    [`/${kind}/open`]: (payload) => turn(payload, 'open'),
    [`/${kind}/close`]: (payload) => turn(payload, 'close'),
  };
}

async function startTask(payload: Payload, parts: RouteParts): Promise<Answer> {
  if (Object.keys(payload.metadata).length === 0) return answer(400, 'metadata not found in payload');
  const type = payload.metadata.type ?? 'cmd';
  const handle = taskHandler(type);
  if (!handle) {
    return answer(400, `unknown task type ${type}; supported are ${Object.keys(taskHandlers).join(', ')}`);
  }
  return handle(payload, parts).catch(refuseTask);
}
