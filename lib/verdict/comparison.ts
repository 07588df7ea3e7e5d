/** Requests of one version over a span of time, and those among them that were bad: failed, or slower than a bound. */
export interface Counts {
  readonly requests: number;
  readonly bad: number;
}

export interface ComparisonOptions {
  /** Highest probability, above 0 and below 1, that a version is ever called worse that is not. @default 0.01 */
  readonly falseAlarms?: number;
  /** The canary may have so many times the primary's share of bad requests, 1 or more. @default 1 */
  readonly tolerance?: number;
  /** How many times the tolerated share is too much for sure, above 1: with less, "not worse" can be concluded. @default 2 */
  readonly noticeable?: number;
  /**
   * How much more the counts vary than by chance alone, 1 or more, as when bad requests come in runs; see
   * `dispersionOf`. @default 1
   */
  readonly dispersion?: number;
  /**
   * What is counted as bad: `failures` are rare, and a faulty version has many times as many of them; slow requests may
   * be half of all, and twice as many is much. Only how soon a verdict is reached depends on it. @default 'failures'
   */
  readonly of?: 'failures' | 'slowness';
}

/** What has been seen so far: the logarithm of each alternative's likelihood ratio. Plain numbers, to be kept in a status. */
export interface Evidence {
  readonly worse: readonly number[];
  readonly notWorse: readonly number[];
}

export type Verdict = 'worse' | 'notWorse' | 'undecided';

/** By how many times a bad version may be worse, and how much of the attention each gets. */
const alternatives = [
  { ratio: 1.25, failures: 0.005, slowness: 0.2 },
  { ratio: 1.5, failures: 0.005, slowness: 0.25 },
  { ratio: 2, failures: 0.02, slowness: 0.25 },
  { ratio: 4, failures: 0.06, slowness: 0.2 },
  // between 12 and 14 a rise from 0.1 % to 2 % is found soonest, at a tenth of the traffic
  { ratio: 13, failures: 0.91, slowness: 0.1 },
];
/** Of a version that is as good as the primary, or better, against one that is noticeably worse. */
const reassurances = [
  { ratio: 1, weight: 0.7 },
  { ratio: 0.5, weight: 0.3 },
] as const;

export const noEvidence: Evidence = {
  worse: alternatives.map(() => 0),
  notWorse: reassurances.map(() => 0),
};

/** Share of the bad requests that are the canary's when its share of bad ones is `ratio` times the primary's. */
function shareAt(ratio: number, canary: Counts, primary: Counts): number {
  return (ratio * canary.requests) / (ratio * canary.requests + primary.requests);
}

function grown(
  logs: readonly number[],
  shares: readonly number[],
  base: number,
  canary: Counts,
  primary: Counts,
  dispersion: number,
): number[] {
  return logs.map((log, at) => {
    const share = shares[at]!;
    const gain = canary.bad * Math.log(share / base) + primary.bad * Math.log((1 - share) / (1 - base));
    return log + gain / dispersion;
  });
}

/**
 * The evidence after one more look: counts of both versions over the same span of time, not looked at before.
 *
 * Given how many requests were bad in all, it is chance alone which of them are the canary's; so whatever befalls both
 * (a slow database, the hour of the day) tells nothing. The likelihood ratios are mixed into a test martingale, which
 * by Ville's inequality is valid at every look, however many there are: M. Lindon and A. Malek, "Anytime-Valid
 * Inference for Multinomial Count Data", NeurIPS 2022. A span in which either version got no request says nothing.
 */
export function weigh(
  evidence: Evidence,
  canary: Counts,
  primary: Counts,
  { tolerance = 1, noticeable = 2, dispersion = 1 }: ComparisonOptions = {},
): Evidence {
  if (canary.requests <= 0 || primary.requests <= 0) return evidence;
  const at = (ratio: number) => shareAt(ratio * tolerance, canary, primary);
  const worse = alternatives.map(({ ratio }) => at(ratio));
  const notWorse = reassurances.map(({ ratio }) => at(ratio));
  return {
    worse: grown(evidence.worse, worse, at(1), canary, primary, dispersion),
    notWorse: grown(evidence.notWorse, notWorse, at(noticeable), canary, primary, dispersion),
  };
}

function mixed(logs: readonly number[], weights: readonly number[]): number {
  const highest = Math.max(...logs);
  const sum = logs.reduce((total, log, at) => total + weights[at]! * Math.exp(log - highest), 0);
  return highest + Math.log(sum);
}

const evenly = (count: number): number[] => Array(count).fill(1 / count);

/** Logarithm of how much the evidence speaks for a version that is worse than tolerated. */
function suspicionOf({ worse }: Evidence, of: 'failures' | 'slowness'): number {
  const weights = alternatives.map((alternative) => alternative[of]);
  return mixed(worse, weights);
}

function reassuranceOf({ notWorse }: Evidence): number {
  return mixed(
    notWorse,
    reassurances.map(({ weight }) => weight),
  );
}

/** What the evidence says at this look; `undecided`: go on, within other bounds. */
export function verdictOf(evidence: Evidence, options: ComparisonOptions = {}): Verdict {
  return verdictOfAll([evidence], [0], options);
}

/**
 * The same of several questions about one version, such as "slower than 100 ms?" and "slower than 250 ms?". Their mean
 * is a test martingale too, whatever they have to do with each other, so that all of them together are wrong no more
 * often than one alone. Not worse is what every one of the `decisive` questions says is not.
 */
export function verdictOfAll(
  evidences: readonly Evidence[],
  decisive: readonly number[],
  { falseAlarms = 0.01, of = 'failures' }: ComparisonOptions = {},
): Verdict {
  const enough = -Math.log(falseAlarms);
  const suspicions = evidences.map((evidence) => suspicionOf(evidence, of));
  if (mixed(suspicions, evenly(suspicions.length)) >= enough) return 'worse';
  const reassured = decisive.map((at) => reassuranceOf(evidences[at]!));
  return reassured.length > 0 && Math.min(...reassured) >= enough ? 'notWorse' : 'undecided';
}

/** Which of several questions speaks most for a version that is worse; -1 of none. */
export function mostSuspicious(
  evidences: readonly Evidence[],
  { of = 'failures' }: ComparisonOptions = {},
): number {
  const suspicions = evidences.map((evidence) => suspicionOf(evidence, of));
  return suspicions.indexOf(Math.max(...suspicions));
}
