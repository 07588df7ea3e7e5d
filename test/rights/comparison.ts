import { type AuditEvent, wasAllowed } from './auditLog.js';
import { covers, type Right, sayRight } from './granted.js';

/** What a controller asked for, held against what it may. */
export interface Comparison {
  readonly requests: number;
  readonly rights: number;
  /** Asked for and refused. */
  readonly refused: readonly string[];
  /** Allowed, and by none of its rights: somebody else's role helped. */
  readonly borrowed: readonly string[];
  /** Granted and never made use of. */
  readonly idle: readonly string[];
  /** Idle or refused too, each for a reason that was given. */
  readonly excused: readonly string[];
}

/** What need not be, each with its reason, by verb and resource: `delete services`. */
export interface Excuses {
  /** Rights that no request shows. */
  readonly idle: Readonly<Record<string, string>>;
  /** Requests that are refused. */
  readonly refused: Readonly<Record<string, string>>;
}

const none: Excuses = { idle: {}, refused: {} };

/**
 * What is not about objects (`/apis`, `/version`)
 * everybody may ask.
 */
export function compareRights(
  rights: readonly Right[],
  events: readonly AuditEvent[],
  excuses: Excuses = none,
): Comparison {
  const about = events.filter(({ objectRef }) => objectRef !== undefined);
  const say = ({ verb, requestURI }: AuditEvent) => `${verb} ${requestURI}`;
  const isExcused = ({ verb, resource }: Right) => Object.hasOwn(excuses.idle, `${verb} ${resource}`);
  const isBorne = ({ verb, objectRef }: AuditEvent) =>
    Object.hasOwn(excuses.refused, `${verb} ${objectRef?.resource}`);
  const refused = events.filter((event) => !wasAllowed(event));
  const unused = rights.filter((right) => !about.some((event) => wasAllowed(event) && covers(right, event)));
  return {
    requests: events.length,
    rights: rights.length,
    refused: distinct(refused.filter((event) => !isBorne(event)).map(say)),
    borrowed: distinct(
      about.filter((event) => wasAllowed(event) && !rights.some((right) => covers(right, event))).map(say),
    ),
    idle: distinct(unused.filter((right) => !isExcused(right)).map(sayRight)),
    excused: distinct([...unused.filter(isExcused).map(sayRight), ...refused.filter(isBorne).map(say)]),
  };
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** One line a shortcoming; none when every request was granted and every right made use of. */
export function shortcomingsOf({ requests, refused, borrowed, idle }: Comparison): string[] {
  return [
    ...(requests === 0 ? ['the audit log is empty'] : []),
    ...refused.map((request) => `used and not granted: ${request}`),
    ...borrowed.map((request) => `granted by a role of somebody else: ${request}`),
    ...idle.map((right) => `granted and never used: ${right}`),
  ];
}
