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
  /** Autocorrelation (lag 1) of requests: after a bad one the next is bad with this probability more. */
  readonly inRuns: number;
  /** Autocorrelation (lag 1) of the counts of successive looks. */
  readonly lasting: number;
  readonly looks: number;
  readonly releases: number;
}

interface Outcome {
  readonly rolledBackPercent: number;
  /** Seconds to the rollback, of those that were rolled back. */
  readonly median: number;
  readonly p95: number;
  /** Of all releases, those rolled back within a minute and a half. */
  readonly within90sPercent: number;
}

export interface VerdictResult {
  readonly name: string;
  readonly comparison: Outcome;
  readonly fixedThreshold: Outcome;
}

/** Draws a version's bad requests, look after look: in runs of geometric length, of which some last into the next look. */
function drawing(
  random: SeededRandom,
  requests: number,
  share: number,
  { inRuns, lasting }: Case,
): () => number {
  const draw = (rate: number) => {
    let bad = 0;
    for (let runs = binomial(random, requests, rate * (1 - inRuns)); runs > 0; runs--) {
      do bad++;
      while (random.next() < inRuns);
    }
    return bad;
  };
  let last = draw(share);
  return () => {
    last = Math.min(requests, binomial(random, last, lasting) + draw(share * (1 - lasting)));
    return last;
  };
}

type Policy = (canaryBad: number, primaryBad: number) => boolean;

/** The comparison, knowing the primary's hour before the release. */
function comparison(random: SeededRandom, given: Case): Policy {
  const draw = drawing(random, others, given.primary, given);
  const past = Array.from({ length: 360 }, () => ({ requests: others, bad: draw() }));
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
  const { canary, primary, looks, releases } = given;
  const seconds: number[] = [];
  for (let release = 0; release < releases; release++) {
    const rollsBack = policyOf(random, given);
    const [canaryBad, primaryBad] = [
      drawing(random, own, canary, given),
      drawing(random, others, primary, given),
    ];
    for (let look = 1; look <= looks; look++) {
      if (!rollsBack(canaryBad(), primaryBad())) continue;
      seconds.push(look * secondsPerLook);
      break;
    }
  }
  seconds.sort((a, b) => a - b);
  const quantile = (share: number) => seconds[Math.floor(seconds.length * share)] ?? Number.NaN;
  const soon = seconds.filter((second) => second <= 90).length;
  return {
    rolledBackPercent: (100 * seconds.length) / releases,
    median: quantile(0.5),
    p95: quantile(0.95),
    within90sPercent: (100 * soon) / releases,
  };
}

/** How often healthy releases are rolled back, and how soon bad ones are. */
export function measureVerdict(): VerdictResult[] {
  const healthy = { canary: 0.001, primary: 0.001, looks: 360, releases: 10_000, inRuns: 0, lasting: 0 };
  const cases: Readonly<Record<string, Case>> = {
    'healthy, 0.1 % errors': healthy,
    'healthy, errors in runs (autocorrelation 0.3)': { ...healthy, inRuns: 0.3 },
    'healthy, counts of looks autocorrelated, 0.3': { ...healthy, lasting: 0.3 },
    'healthy, 0.8 % errors': { ...healthy, canary: 0.008, primary: 0.008 },
    'errors 0.1 % → 2 %': { ...healthy, canary: 0.02 },
    'errors 0.1 % → 0.5 %, half an hour': { ...healthy, canary: 0.005, looks: 180 },
  };
  return Object.entries(cases).map(([name, given]) => ({
    name,
    comparison: run(given, comparison),
    fixedThreshold: run(given, fixedThreshold),
  }));
}
