/**
 * Complementary error function, relative error below 1.2e-7 (Press et al., Numerical Recipes, erfcc). For x of 0 and
 * more.
 */
function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const sum = coefficients.reduceRight((value, coefficient) => coefficient + t * value, 0);
  return t * Math.exp(-x * x + sum);
}

const coefficients = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];

/** Share of a normal distribution of mean 0 that lies at or below `value`; a `deviation` of 0 is a step at 0. */
export function normalShare(value: number, deviation: number): number {
  if (deviation === 0 || !Number.isFinite(value)) return value >= 0 ? 1 : 0;
  const z = value / deviation / Math.SQRT2;
  return z < 0 ? erfc(-z) / 2 : 1 - erfc(z) / 2;
}
