import type { Deciding, Decision } from '../decision.js';
import { tell, writeStatus } from '../effects.js';
import type { Reason } from '../reason.js';
import type { Standing } from '../situation.js';
import { changeStatus } from '../status.js';
import { askedBy, type Pending, record } from './request.js';
import { type Verdict, verbs } from './verbs.js';

/**
 * Does what somebody asked for, or refuses it. Either way it is recorded in the same status write that makes it so:
 * whoever restarts in the middle finds it done or not begun.
 */
export function* obey(standing: Standing, pending: Pending): Deciding {
  if (!('request' in pending)) return refuse(standing, pending, pending.problem);
  const { request } = pending;
  const accepted = { ...standing, status: { ...standing.status, control: record(standing, pending) } };
  const judged = forbid(standing, pending) ?? verbs[request.verb](accepted, request);
  const verdict: Verdict = 'effects' in judged || 'refused' in judged ? judged : yield* judged;
  if ('refused' in verdict) return refuse(standing, pending, verdict.refused);
  const why = request.reason === undefined ? {} : { why: request.reason };
  const verb = request.full ? `${request.verb} (full)` : request.verb;
  return announce(accepted, verdict, { code: 'controlAccepted', verb, by: askedBy(pending), ...why });
}

/** What speaks against any request, whatever it asks for. */
function forbid(
  { spec, target }: Standing,
  { request }: Extract<Pending, { request: unknown }>,
): Verdict | undefined {
  if (spec.suspend) return { refused: 'spec.suspend is true, set it to false first' };
  const { revision } = request;
  if (revision === undefined || revision === target?.revision) return undefined;
  return { refused: `it is about revision ${revision}, and ${target?.revision ?? 'none'} is there` };
}

function refuse(standing: Standing, pending: Pending, problem: string): Decision {
  const verb = 'request' in pending ? pending.request.verb : 'do something with';
  return {
    effects: [
      writeStatus({ ...standing.status, control: record(standing, pending, problem) }),
      ...tell({ code: 'controlRefused', verb, by: askedBy(pending), problem }),
    ],
    next: 'again',
  };
}

/** Says that a request was accepted, as soon as that is written. */
function announce(accepted: Standing, { effects, next }: Decision, reason: Reason): Decision {
  const written = effects.findIndex(({ type }) => type === 'writeStatus');
  if (written < 0) {
    return { effects: [writeStatus(changeStatus(accepted, {})), ...tell(reason), ...effects], next };
  }
  return {
    effects: [...effects.slice(0, written + 1), ...tell(reason), ...effects.slice(written + 1)],
    next,
  };
}
