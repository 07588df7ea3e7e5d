/**
 * How bad a problem is. `error`: the API server or Flagger refuses the object. `mistake`: both take it, but it cannot
 * do what its author wants. `warning`: it works, though not quite as written.
 */
export type ProblemLevel = 'error' | 'mistake' | 'warning';

/** One thing that is wrong with a manifest. */
export interface Problem {
  readonly level: ProblemLevel;
  /** A code of docs/errors.md. */
  readonly code: 'API_UNKNOWN_KIND' | 'API_INVALID_FIELD' | 'API_UNKNOWN_FIELD' | 'API_CONTRADICTION';
  /** The field, such as `spec.analysis.metrics[0].name`; empty for the whole. */
  readonly path: string;
  /** What was expected, and what was given. */
  readonly message: string;
  readonly remedy: string;
}

/** A rule about fields that are each valid: what it finds wrong, without the code they all share. */
export type Finding = Omit<Problem, 'code'>;

export function mistake(path: string, message: string, remedy: string): Finding {
  return { level: 'mistake', path, message, remedy };
}

export function refusal(path: string, message: string, remedy: string): Finding {
  return { level: 'error', path, message, remedy };
}

export function warning(path: string, message: string, remedy: string): Finding {
  return { level: 'warning', path, message, remedy };
}

const gravity: Readonly<Record<Problem['code'], number>> = {
  API_UNKNOWN_KIND: 0,
  // A misspelt field is often why another one is missing.
  API_UNKNOWN_FIELD: 1,
  API_INVALID_FIELD: 2,
  API_CONTRADICTION: 3,
};
const levels: Readonly<Record<ProblemLevel, number>> = { error: 0, mistake: 1, warning: 2 };

/** The most important first; equals in the order they were found. */
export function byImportance(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => gravity[a.code] - gravity[b.code] || levels[a.level] - levels[b.level]);
}
