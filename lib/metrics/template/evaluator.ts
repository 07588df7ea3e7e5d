import { executionFault } from './fault.js';
import type { Command, Operand, Pipeline, Statement, Template } from './node.js';
import { formatValue } from './print.js';
import { isTrue, typeName, type Value } from './value.js';

/** Called with its arguments; `refuse` throws a PerchError that says where. */
export type TemplateFunction = (args: readonly Value[], refuse: (message: string) => never) => Value;

export type Functions = ReadonlyMap<string, TemplateFunction>;

/** One rendering under way. */
export interface Rendering {
  readonly template: Template;
  readonly functions: Functions;
  /** The innermost last. */
  readonly variables: { readonly name: string; value: Value }[];
  output: string;
  /** Evaluations left: a loop over a huge number ends with an error rather than never. */
  steps: number;
}

/** Characters that a query, or a string on the way to it, may have. */
const longest = 1_048_576;

/** Adds to what is rendered. */
export function write(rendering: Rendering, position: number, text: string): void {
  rendering.output += text;
  if (rendering.output.length > longest) {
    refuse(rendering, position, `expected a query of at most ${longest} characters, rendered more`);
  }
}

export function refuse(rendering: Rendering, position: number, message: string): never {
  throw executionFault(rendering.template.source, position, message);
}

export function evaluatePipeline(rendering: Rendering, dot: Value, pipeline: Pipeline): Value {
  const [first, ...rest] = pipeline.commands;
  let value = evaluateCommand(rendering, dot, first, []);
  for (const command of rest) value = evaluateCommand(rendering, dot, command, [value]);
  for (const name of pipeline.variables) {
    if (pipeline.declares) rendering.variables.push({ name, value });
    else assign(rendering, name, value);
  }
  return value;
}

export function assign(rendering: Rendering, name: string, value: Value): void {
  const variable = rendering.variables.findLast((candidate) => candidate.name === name);
  if (variable) variable.value = value;
}

/** Writes what `{{pipeline}}` shows. */
export function print(
  rendering: Rendering,
  dot: Value,
  statement: Extract<Statement, { type: 'print' }>,
): void {
  const value = evaluatePipeline(rendering, dot, statement.pipeline);
  if (statement.pipeline.variables.length > 0) return;
  const text = value === null || value === undefined ? '<no value>' : formatValue(value);
  write(rendering, statement.pipeline.position, text);
}

/** `piped` is what came through the pipe, if anything: the last argument. */
function evaluateCommand(rendering: Rendering, dot: Value, command: Command, piped: readonly Value[]): Value {
  const [head, ...operands] = command;
  rendering.steps -= 1;
  if (rendering.steps < 0)
    refuse(
      rendering,
      head.position,
      'the template takes too many steps; expected a query of at most a few loops',
    );
  if (head.type === 'function') return call(rendering, dot, head, operands, piped);
  if (operands.length + piped.length > 0) {
    refuse(rendering, head.position, 'can’t give an argument to what is no function');
  }
  return evaluate(rendering, dot, head);
}

function evaluate(rendering: Rendering, dot: Value, operand: Operand): Value {
  switch (operand.type) {
    case 'literal':
      return operand.value;
    case 'nil':
      return null;
    case 'dot':
      return dot;
    case 'variable':
      return rendering.variables.findLast(({ name }) => name === operand.name)?.value;
    case 'function':
      return call(rendering, dot, operand, [], []);
    case 'pipeline':
      return evaluatePipeline(rendering, dot, operand.pipeline);
    case 'field':
      return takeFields(rendering, operand.position, dot, operand.names);
    case 'chain':
      return takeFields(rendering, operand.position, evaluate(rendering, dot, operand.of), operand.fields);
  }
}

function takeFields(rendering: Rendering, position: number, from: Value, names: readonly string[]): Value {
  let value = from;
  for (const name of names) {
    if (value instanceof Map) {
      const entry: string | undefined = value.get(name);
      if (entry === undefined) {
        const known = [...value.keys()].sort().join(', ') || 'no entry at all';
        refuse(rendering, position, `map has no entry for key "${name}"; it has ${known}`);
      }
      value = entry;
    } else {
      refuse(rendering, position, `can’t evaluate field ${name} in type ${typeName(value)}`);
    }
  }
  return value;
}

function call(
  rendering: Rendering,
  dot: Value,
  { name, position }: Extract<Operand, { type: 'function' }>,
  operands: readonly Operand[],
  piped: readonly Value[],
): Value {
  const fail = (message: string): never => refuse(rendering, position, message);
  if (name === 'and' || name === 'or') return choose(rendering, dot, name, operands, piped, fail);
  const called = rendering.functions.get(name);
  if (!called) return fail(`function "${name}" not defined`);
  const result = called([...operands.map((operand) => evaluate(rendering, dot, operand)), ...piped], fail);
  const tooLong = typeof result === 'string' && result.length > longest;
  return tooLong ? fail(`${name} gave more than ${longest} characters`) : result;
}

/** `and` and `or` give the argument that decides and do not look at those behind it. */
function choose(
  rendering: Rendering,
  dot: Value,
  name: 'and' | 'or',
  operands: readonly Operand[],
  piped: readonly Value[],
  fail: (message: string) => never,
): Value {
  if (operands.length + piped.length === 0) fail(`wrong number of args for ${name}: want at least 1 got 0`);
  let value: Value;
  for (const operand of operands) {
    value = evaluate(rendering, dot, operand);
    if (isTrue(value) === (name === 'or')) return value;
  }
  return piped.length > 0 ? piped[0] : value;
}
