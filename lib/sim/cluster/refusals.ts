import { ApiError } from '../../ports/cluster.js';
import type { ServedKind } from './servedKinds.js';

/*
 * What an API server says when it refuses, word for word (k8s.io/apimachinery, pkg/api/errors).
 */

/** `deployments.apps`, or `services` for the core group. */
function qualifiedPlural(kind: Pick<ServedKind, 'group' | 'plural'>): string {
  return kind.group ? `${kind.plural}.${kind.group}` : kind.plural;
}

export function notFound(kind: Pick<ServedKind, 'group' | 'plural'>, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualifiedPlural(kind)} "${name}" not found`);
}

export function notServed(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource');
}

export function alreadyExists(kind: ServedKind, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${qualifiedPlural(kind)} "${name}" already exists`);
}

export function conflict(kind: ServedKind, name: string): ApiError {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedPlural(kind)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  );
}

export function uidConflict(kind: ServedKind, name: string, given: string, found: string): ApiError {
  return new ApiError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedPlural(kind)} "${name}": StorageError: invalid object, Code: 4, Precondition failed: UID in precondition: ${given}, UID in object meta: ${found}`,
  );
}

/** Server-side apply met fields of other managers. */
export function applyConflict(conflicts: readonly { manager: string; field: string }[]): ApiError {
  const managers = [...new Set(conflicts.map(({ manager }) => manager))];
  const described =
    conflicts.length === 1
      ? `conflict with "${conflicts[0]!.manager}": ${conflicts[0]!.field}`
      : `conflicts with ${managers
          .map((manager) => {
            const fields = conflicts
              .filter((entry) => entry.manager === manager)
              .map(({ field }) => `- ${field}`);
            return `"${manager}":\n${fields.join('\n')}`;
          })
          .join('\nconflicts with ')}`;
  const count = conflicts.length === 1 ? '1 conflict' : `${conflicts.length} conflicts`;
  return new ApiError(409, 'Conflict', `Apply failed with ${count}: ${described}`);
}

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

export function invalid(kind: ServedKind, name: string, problems: readonly FieldProblem[]): ApiError {
  const texts = problems.map(({ path, message }) => `${path || '<nil>'}: ${message}`);
  const text = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  const qualified = kind.group ? `${kind.kind}.${kind.group}` : kind.kind;
  return new ApiError(422, 'Invalid', `${qualified} "${name}" is invalid: ${text}`);
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

export function expired(asked: string, oldest: number): ApiError {
  return new ApiError(410, 'Expired', `too old resource version: ${asked} (${oldest})`);
}
