import type { ApiError } from '../ports/cluster.js';

/** A field that another manager has set to another value. */
export interface Conflict {
  readonly manager: string;
  /** As the API server writes it: `.spec.replicas`. */
  readonly field: string;
}

/**
 * The conflicts of a server-side apply, from the API server's text (apimachinery, managedfields/internal/conflict):
 * `conflict with "m" using apps/v1: .spec.replicas`, or one line a field below `conflicts with "m" using apps/v1:`.
 */
export function conflictsOf({ status, message }: ApiError): Conflict[] {
  if (status !== 409 || !message.startsWith('Apply failed')) return [];
  const conflicts: Conflict[] = [];
  let manager = '';
  for (const line of message.split('\n')) {
    const named = /conflicts? with "([^"]*)".*?:(?: (\..*))?$/.exec(line);
    manager = named?.[1] ?? manager;
    const field = named?.[2] ?? /^- (.*)$/.exec(line)?.[1];
    if (field !== undefined) conflicts.push({ manager, field });
  }
  return conflicts;
}
