/** Places of the release's two backends among those of a rule. */
export interface Places {
  readonly stable: number;
  readonly canary: number;
}

/** The weights with what the two have together at the released version. */
export function atRest(weights: readonly number[], { stable, canary }: Places): number[] {
  const together = weights[stable]! + weights[canary]!;
  return weights.map((weight, index) => (index === stable ? together : index === canary ? 0 : weight));
}

export function isExact(weight: number, percent: number): boolean {
  return (weight * percent) % 100 === 0;
}

/**
 * Weights in the proportions of `resting`, of which percents of the `stable` one are whole numbers: the very same where
 * they are already, else the smallest.
 */
export function refined(resting: readonly number[], stable: number, percent: number): number[] {
  if (isExact(resting[stable]!, percent)) return [...resting];
  const divisor = resting.reduce(commonDivisor);
  const smallest = resting.map((weight) => weight / divisor);
  const factor = 100 / commonDivisor(smallest[stable]! * percent, 100);
  return smallest.map((weight) => weight * factor);
}

export function areProportional(left: readonly number[], right: readonly number[]): boolean {
  const [all, others] = [sum(left), sum(right)];
  if (left.length !== right.length || all === 0 || others === 0) return false;
  return left.every((one, index) => one * others === right[index]! * all);
}

function sum(weights: readonly number[]): number {
  return weights.reduce((total, weight) => total + weight, 0);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
