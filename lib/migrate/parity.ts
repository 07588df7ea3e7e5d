import data from './parity.json';

/** A field on which perch is not the same as Flagger, as docs/flagger-parity.md has it. */
export interface FieldDeviation {
  /** Such as `spec.analysis.metrics[].name`; `*` is any key of a map. Of a template, the kind comes first. */
  readonly fields: readonly string[];
  readonly status: string;
  readonly remarks: string;
}

/** A behaviour that differs whatever a canary says. */
export interface BehaviourDeviation {
  readonly flagger: string;
  readonly perch: string;
}

export interface RouterDeviation extends BehaviourDeviation {
  readonly providers: readonly string[];
}

export interface FlagParity {
  readonly flags: readonly string[];
  readonly status: string;
  readonly remarks: string;
}

/** The data of docs/flagger-parity.md; a test keeps the two equal. */
export interface Parity {
  readonly fields: readonly FieldDeviation[];
  readonly behaviours: readonly BehaviourDeviation[];
  readonly routers: readonly RouterDeviation[];
  readonly flags: readonly FlagParity[];
}

export const parity: Parity = data;
