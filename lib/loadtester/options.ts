import { PerchError } from '../api/errors.js';
import type { Admission } from './admission.js';

export interface LoadTesterOptions {
  /** Milliseconds that a task may run, above 0. @default - the command line says one hour */
  readonly timeoutMs: number;
  /** Only canaries whose namespace this regular expression finds a match in are served. @default - all */
  readonly namespaceRegexp?: string;
  /** Who may ask for anything but health and metrics. */
  readonly admit: Admission;
  /** Programs that tasks may run; `*` is any. @default - those of tests, and bash */
  readonly programs?: readonly string[];
  /** Tasks at the same time, 1 or more. @default 50 */
  readonly concurrency?: number;
}

/** Unanchored, as Flagger's is. An expression that does not compile is a PerchError. */
export function namespacePattern(expression: string | undefined): RegExp | undefined {
  if (!expression) return undefined;
  try {
    return new RegExp(expression);
  } catch (cause) {
    throw new PerchError({
      code: 'LOADTESTER_NAMESPACE_REGEXP',
      message: `expected a regular expression, got '${expression}': ${cause instanceof Error ? cause.message : cause}`,
      remedy:
        'Correct -namespace-regexp, for example ^(test|staging)$, or leave it out to serve every namespace.',
      path: '-namespace-regexp',
      cause,
    });
  }
}
