import type { Labels } from '../prometheus/labels.js';
import { QueryError } from './queryError.js';

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** The part of a series that lies in a range; times in epoch ms. */
export interface Range {
  readonly labels: Labels;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export type Value =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'vector'; readonly samples: readonly Sample[] }
  | {
      readonly type: 'matrix';
      readonly ranges: readonly Range[];
      readonly startMs: number;
      readonly endMs: number;
    }
  | { readonly type: 'string'; readonly value: string };

export function vector(samples: readonly Sample[]): Value {
  return { type: 'vector', samples };
}

export function scalar(value: number): Value {
  return { type: 'scalar', value };
}

export function expectVector(value: Value | undefined, of: string): readonly Sample[] {
  if (value?.type === 'vector') return value.samples;
  throw new QueryError(`expected type instant vector in ${of}, got ${nameOf(value)}`);
}

export function expectScalar(value: Value | undefined, of: string): number {
  if (value?.type === 'scalar') return value.value;
  throw new QueryError(`expected type scalar in ${of}, got ${nameOf(value)}`);
}

export function expectMatrix(value: Value | undefined, of: string): Extract<Value, { type: 'matrix' }> {
  if (value?.type === 'matrix') return value;
  throw new QueryError(`expected type range vector in ${of}, got ${nameOf(value)}`);
}

function nameOf(value: Value | undefined): string {
  const names = { scalar: 'scalar', vector: 'instant vector', matrix: 'range vector', string: 'string' };
  return value ? names[value.type] : 'nothing';
}
