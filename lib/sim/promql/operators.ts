import { type Labels, omit, pick, signature, unnamed } from '../prometheus/labels.js';
import { QueryError, unsupported } from './queryError.js';
import { type Sample, scalar, type Value, vector } from './values.js';

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
};

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
};

/** Which labels must be equal on both sides. */
export type Matching = { readonly kind: 'on' | 'ignoring'; readonly names: readonly string[] };

export interface Operation {
  readonly operator: string;
  /** A comparison answers 0 or 1 instead of filtering. */
  readonly bool: boolean;
  readonly matching: Matching;
}

function matchLabels(labels: Labels, { kind, names }: Matching): Labels {
  return kind === 'on' ? pick(labels, names) : omit(labels, [...names, '__name__']);
}

/** The result of one pair; undefined when a comparison filters it out. `kept` is what a filter lets through. */
function combine({ operator, bool }: Operation, a: number, b: number, kept: number): number | undefined {
  const calculate = arithmetic[operator];
  if (calculate) return calculate(a, b);
  const compare = comparisons[operator];
  if (!compare) throw unsupported(`the operator ${operator}`);
  if (bool) return compare(a, b) ? 1 : 0;
  return compare(a, b) ? kept : undefined;
}

function keepsName({ operator, bool }: Operation): boolean {
  return operator in comparisons && !bool;
}

function withScalar(
  operation: Operation,
  samples: readonly Sample[],
  apply: (value: number) => number | undefined,
): Value {
  return vector(
    samples.flatMap(({ labels, value }) => {
      const result = apply(value);
      if (result === undefined) return [];
      return [{ labels: keepsName(operation) ? labels : unnamed(labels), value: result }];
    }),
  );
}

function indexed(samples: readonly Sample[], matching: Matching): Map<string, Sample> {
  const index = new Map<string, Sample>();
  for (const sample of samples) {
    const id = signature(matchLabels(sample.labels, matching));
    if (index.has(id))
      throw new QueryError(
        'found duplicate series for the match group on one side of the operation; many-to-many matching not allowed',
      );
    index.set(id, sample);
  }
  return index;
}

function betweenVectors(operation: Operation, left: readonly Sample[], right: readonly Sample[]): Value {
  const others = indexed(right, operation.matching);
  const samples: Sample[] = [];
  for (const [id, { labels, value }] of indexed(left, operation.matching)) {
    const other = others.get(id);
    const result = other && combine(operation, value, other.value, value);
    if (result === undefined) continue;
    samples.push({
      labels: keepsName(operation) ? labels : matchLabels(labels, operation.matching),
      value: result,
    });
  }
  return vector(samples);
}

/** `and`, `or`, `unless`: whole samples, chosen by whether the other side has their labels. */
function betweenSets(
  { operator, matching }: Operation,
  left: readonly Sample[],
  right: readonly Sample[],
): Value {
  const idOf = ({ labels }: Sample) => signature(matchLabels(labels, matching));
  const inRight = new Set(right.map(idOf));
  if (operator === 'and') return vector(left.filter((sample) => inRight.has(idOf(sample))));
  if (operator === 'unless') return vector(left.filter((sample) => !inRight.has(idOf(sample))));
  const inLeft = new Set(left.map(idOf));
  return vector([...left, ...right.filter((sample) => !inLeft.has(idOf(sample)))]);
}

export function operate(operation: Operation, left: Value, right: Value): Value {
  if (left.type === 'scalar' && right.type === 'scalar') {
    const result = combine({ ...operation, bool: true }, left.value, right.value, left.value);
    return scalar(result ?? Number.NaN);
  }
  if (left.type === 'vector' && right.type === 'scalar')
    return withScalar(operation, left.samples, (value) => combine(operation, value, right.value, value));
  if (left.type === 'scalar' && right.type === 'vector')
    return withScalar(operation, right.samples, (value) => combine(operation, left.value, value, value));
  if (left.type !== 'vector' || right.type !== 'vector')
    throw new QueryError(`binary expression must contain only scalar and instant vector types`);
  if (['and', 'or', 'unless'].includes(operation.operator))
    return betweenSets(operation, left.samples, right.samples);
  return betweenVectors(operation, left.samples, right.samples);
}
