import type { Position } from './fault.js';
import type { Value } from './value.js';

/** One operand. `chain` takes fields of what another operand gives. */
export type Operand = { readonly position: Position } & (
  | { readonly type: 'literal'; readonly value: Value; readonly text: string }
  | { readonly type: 'nil' }
  | { readonly type: 'dot' }
  | { readonly type: 'field'; readonly names: readonly string[] }
  | { readonly type: 'variable'; readonly name: string }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly type: 'chain'; readonly of: Operand; readonly fields: readonly string[] }
);

/** A function with its arguments, or one operand alone. */
export type Command = readonly [Operand, ...Operand[]];

export interface Pipeline {
  readonly position: Position;
  /** Variables that the result is assigned to. */
  readonly variables: readonly string[];
  /** `:=` rather than `=`. */
  readonly declares: boolean;
  readonly commands: readonly [Command, ...Command[]];
}

export interface Branch {
  readonly position: Position;
  readonly pipeline: Pipeline;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

export type Statement =
  | { readonly type: 'text'; readonly position: Position; readonly text: string }
  | { readonly type: 'print'; readonly pipeline: Pipeline }
  | ({ readonly type: 'if' | 'with' } & Branch)
  | ({ readonly type: 'range' } & Branch)
  | { readonly type: 'break' | 'continue' }
  | {
      readonly type: 'template';
      readonly position: Position;
      readonly name: string;
      readonly pipeline: Pipeline | undefined;
    };

export interface Template {
  readonly source: string;
  readonly body: readonly Statement[];
  /** By name, what `define` and `block` made. */
  readonly definitions: ReadonlyMap<string, readonly Statement[]>;
}
