import { binomial } from '../lib/sim/chance.js';
import { SeededRandom } from '../lib/sim/random.js';
import { noEvidence, verdictOf, weigh } from '../lib/verdict/comparison.js';
import { dispersionOf } from '../lib/verdict/dispersion.js';

/** 50 requests a second, weight 10, a look every ten seconds for an hour at most. */
const secondsPerLook = 10;
const own = 50;
const others = 450;

interface Case {
  readonly canary: number;
  readonly primary: number;
  /** Lag-1 autocorrelation: after a bad request the next one is bad with this probability more. */
  readonly correlation: number;
  readonly looks: number;
  readonly releases: number;
}

interface Outcome {
  readonly rolledBackPercent: number;
  /** Seconds to the rollback, of those that were rolled back. */
  readonly median: number;
  readonly p95: number;
}

export interface VerdictResult {
  readonly name: string;
  readonly comparison: Outcome;
  readonly fixedThreshold: Outcome;
}

/** Bad requests in runs of geometric length. */
function drawBad(random: SeededRandom, requests: number, share: number, correlation: number): number {
  let bad = 0;
  for (let runs = binomial(random, requests, share * (1 - correlation)); runs > 0; runs--) {
    do bad++;
    while (random.next() < correlation);
  }
  return Math.min(bad, requests);
}

type Policy = (canaryBad: number, primaryBad: number) => boolean;

/** The comparison, knowing the primary's hour before the release. */
function comparison(random: SeededRandom, { primary, correlation }: Case): Policy {
  const past = Array.from({ length: 360 }, () => drawBad(random, others, primary, correlation));
  const options = { dispersion: dispersionOf(past) };
  let evidence = noEvidence;
  return (canaryBad, primaryBad) => {
    const counts = {
      canary: { requests: own, bad: canaryBad },
      primary: { requests: others, bad: primaryBad },
    };
    evidence = weigh(evidence, counts.canary, counts.primary, options);
    return verdictOf(evidence, options) === 'worse';
  };
}

/** The seeds' policy: at least 99 % of the last minute's requests succeed; ten failed checks. */
function fixedThreshold(): Policy {
  const minute: number[] = [];
  let failed = 0;
  return (canaryBad) => {
    minute.push(canaryBad);
    if (minute.length > 6) minute.shift();
    const rate = 1 - minute.reduce((sum, bad) => sum + bad, 0) / (own * minute.length);
    if (rate < 0.99) failed += 1;
    return failed >= 10;
  };
}

function run(given: Case, policyOf: (random: SeededRandom, given: Case) => Policy): Outcome {
  const random = new SeededRandom('verdict');
  const { canary, primary, correlation, looks, releases } = given;
  const seconds: number[] = [];
  for (let release = 0; release < releases; release++) {
    const rollsBack = policyOf(random, given);
    for (let look = 1; look <= looks; look++) {
      const bad = drawBad(random, own, canary, correlation);
      if (!rollsBack(bad, drawBad(random, others, primary, correlation))) continue;
      seconds.push(look * secondsPerLook);
      break;
    }
  }
  seconds.sort((a, b) => a - b);
  const quantile = (share: number) => seconds[Math.floor(seconds.length * share)] ?? Number.NaN;
  return { rolledBackPercent: (100 * seconds.length) / releases, median: quantile(0.5), p95: quantile(0.95) };
}

/** How often healthy releases are rolled back, and how soon bad ones are. */
export function measureVerdict(): VerdictResult[] {
  const healthy = { canary: 0.001, primary: 0.001, looks: 360, releases: 10_000, correlation: 0 };
  const cases: Readonly<Record<string, Case>> = {
    'healthy, 0.1 % errors': healthy,
    'healthy, errors in runs (autocorrelation 0.3)': { ...healthy, correlation: 0.3 },
    'errors 0.1 % → 2 %': { ...healthy, canary: 0.02, releases: 5000 },
    'errors 0.1 % → 0.5 %, half an hour': { ...healthy, canary: 0.005, looks: 180, releases: 5000 },
  };
  return Object.entries(cases).map(([name, given]) => ({
    name,
    comparison: run(given, comparison),
    fixedThreshold: run(given, fixedThreshold),
  }));
}
