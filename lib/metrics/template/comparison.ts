import { typeName, type Value } from './value.js';

type Refuse = (message: string) => never;

/** True when the first argument equals any of the others; types that differ are a mistake, not unequal. */
export function equalsAny(args: readonly Value[], refuse: Refuse): boolean {
  const [first, ...others] = args;
  if (others.length === 0) refuse('missing argument for comparison: expected at least two');
  return others.some((other) => equals(first, other, refuse));
}

/** Both of a kind that has an order: strings, ints or float64s. */
export function isLess(left: Value, right: Value, refuse: Refuse): boolean {
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.from(left).compare(Buffer.from(right)) < 0;
  if (typeof left === 'bigint' && typeof right === 'bigint') return left < right;
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeName(left) === typeName(right)) return refuse(`invalid type for comparison: ${typeName(left)}`);
  return incompatible(left, right, refuse);
}

export function equals(left: Value, right: Value, refuse: Refuse): boolean {
  const nothing = left == null || right == null;
  if (nothing) return left == null && right == null;
  if (typeName(left) !== typeName(right)) return incompatible(left, right, refuse);
  if (typeof left === 'object') return refuse('non-comparable type map[string]string');
  return left === right;
}

function incompatible(left: Value, right: Value, refuse: Refuse): never {
  return refuse(`incompatible types for comparison: ${typeName(left)} and ${typeName(right)}`);
}
