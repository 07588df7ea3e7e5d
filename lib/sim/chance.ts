import type { Random } from '../ports/random.js';

/** A draw of the standard normal distribution (Box and Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/**
 * How many of `trials` succeed when each does with `probability`. Exact up to 200 trials, beyond that by the normal
 * approximation where it is good (ten expected successes and failures) and one by one where it is not.
 */
export function binomial(random: Random, trials: number, probability: number): number {
  if (probability <= 0 || trials <= 0) return 0;
  if (probability >= 1) return trials;
  const mean = trials * probability;
  if (trials <= 200 || mean < 10 || trials - mean < 10) {
    let successes = 0;
    for (let trial = 0; trial < trials; trial++) if (random.next() < probability) successes++;
    return successes;
  }
  const drawn = Math.round(mean + normal(random) * Math.sqrt(mean * (1 - probability)));
  return Math.min(trials, Math.max(0, drawn));
}
