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
  /** Idle too, each for a reason that was given. */
  readonly excused: readonly string[];
}

/**
 * `excuses` are rights that no request shows, with what they are for. What is not about objects (`/apis`, `/version`)
 * everybody may ask.
 */
export function compareRights(
  rights: readonly Right[],
  events: readonly AuditEvent[],
  excuses: Readonly<Record<string, string>> = {},
): Comparison {
  const about = events.filter(({ objectRef }) => objectRef !== undefined);
  const say = ({ verb, requestURI }: AuditEvent) => `${verb} ${requestURI}`;
  const isExcused = ({ verb, resource }: Right) => Object.hasOwn(excuses, `${verb} ${resource}`);
  const unused = rights.filter((right) => !about.some((event) => wasAllowed(event) && covers(right, event)));
  return {
    requests: events.length,
    rights: rights.length,
    refused: distinct(events.filter((event) => !wasAllowed(event)).map(say)),
    borrowed: distinct(
      about.filter((event) => wasAllowed(event) && !rights.some((right) => covers(right, event))).map(say),
    ),
    idle: distinct(unused.filter((right) => !isExcused(right)).map(sayRight)),
    excused: distinct(unused.filter(isExcused).map(sayRight)),
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
