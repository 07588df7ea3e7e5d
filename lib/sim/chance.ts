import type { Random } from '../ports/random.js';

/** Expected successes below which jumping from one success to the next is the cheaper way. */
const fewSuccesses = 10;

/** How many of `trials` succeed when each does with `probability`; exact, in time that hardly grows with `trials`. */
export function binomial(random: Random, trials: number, probability: number): number {
  if (probability <= 0 || trials <= 0) return 0;
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - binomial(random, trials, 1 - probability);
  return trials * probability < fewSuccesses
    ? byJumps(random, trials, probability)
    : byRejection(random, trials, probability);
}

/** The distance to the next success is geometric (Devroye, Non-Uniform Random Variate Generation, X.4.3). */
function byJumps(random: Random, trials: number, probability: number): number {
  const failure = Math.log1p(-probability);
  let successes = -1;
  for (let position = 0; position <= trials; successes++)
    position += Math.floor(Math.log(1 - random.next()) / failure) + 1;
  return successes;
}

/** Transformed rejection (Hörmann, The Generation of Binomial Random Variates, 1993, algorithm BTRS). */
function byRejection(random: Random, trials: number, probability: number): number {
  const deviation = Math.sqrt(trials * probability * (1 - probability));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const center = trials * probability + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  for (;;) {
    const u = random.next() - 0.5;
    const v = 1 - random.next();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + center);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || k > trials) continue;
    const scale = (2.83 + 5.1 / b) * deviation;
    if (Math.log((v * scale) / (a / (us * us) + b)) <= likelihood(trials, probability, k)) return k;
  }
}

/** Logarithm of how likely `k` successes are, compared with the likeliest number of them. */
function likelihood(trials: number, probability: number, k: number): number {
  const odds = probability / (1 - probability);
  const mode = Math.floor((trials + 1) * probability);
  return (
    (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
    (trials + 1) * Math.log((trials - mode + 1) / (trials - k + 1)) +
    (k + 0.5) * Math.log((odds * (trials - k + 1)) / (k + 1)) +
    stirling(mode) +
    stirling(trials - mode) -
    stirling(k) -
    stirling(trials - k)
  );
}

/** What Stirling's formula leaves of the logarithm of a factorial; exact to 1e-7. */
function stirling(k: number): number {
  const known = smallStirling[k];
  if (known !== undefined) return known;
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

const smallStirling = [
  0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.020790672103765, 0.0166446911898211,
  0.0138761288230707, 0.0118967099458917, 0.010411265261972, 0.00925546218271273, 0.00833056343336287,
];
