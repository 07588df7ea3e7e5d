import { type ControlRecord, type ControlRequest, controlAnnotation, readControl } from '../../api/canary.js';
import type { Standing } from '../situation.js';
import { timestamp } from '../status.js';

/** A request that nobody has decided on yet, or a text in its place that is none. */
export type Pending =
  | { readonly request: ControlRequest }
  | { readonly id: string; readonly problem: string };

/** Requests that are remembered: one of them that is found again has been decided on. */
const REMEMBERED = 10;

/** The request in the Canary's annotation, unless it is recorded in the status. */
export function pendingRequest({ canary, status }: Standing): Pending | undefined {
  const text = canary.metadata.annotations?.[controlAnnotation];
  if (!text) return undefined;
  const reading = readControl(text);
  const id = 'request' in reading ? reading.request.id : reading.id;
  return status.control?.some((record) => record.id === id) ? undefined : reading;
}

/** The requests that were decided on, with this one; `problem`: why it was refused. */
export function record(standing: Standing, pending: Pending, problem?: string): ControlRecord[] {
  const { id, verb, by, at, reason } =
    'request' in pending ? pending.request : { id: pending.id, verb: 'unknown' };
  const entry: ControlRecord = {
    id,
    verb,
    ...(by ? { by } : {}),
    ...(at ? { at } : {}),
    ...(reason ? { reason } : {}),
    outcome: problem === undefined ? 'Accepted' : 'Refused',
    ...(problem === undefined ? {} : { message: problem }),
    decidedAt: timestamp(standing.now),
  };
  return [...(standing.status.control ?? []), entry].slice(-REMEMBERED);
}

/** What whoever asked calls themselves. */
export function askedBy(pending: Pending): string {
  return ('request' in pending && pending.request.by) || 'somebody';
}
