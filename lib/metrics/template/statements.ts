import { assign, evaluatePipeline, print, type Rendering, refuse, write } from './evaluator.js';
import type { Branch, Statement } from './node.js';
import { formatValue } from './print.js';
import { isTrue, type Value } from './value.js';

type Range = Extract<Statement, { type: 'range' }>;
type Conditional = Branch & { readonly type: 'if' | 'with' };

/** How a body ended: at its end, or at a jump that the loop around it obeys. */
type Ending = 'break' | 'continue' | undefined;

const deepest = 200;

/** Performs statements in order and writes what they show. */
export function perform(rendering: Rendering, dot: Value, body: readonly Statement[], depth = 0): Ending {
  const visible = rendering.variables.length;
  for (const statement of body) {
    const ending = performOne(rendering, dot, statement, depth);
    if (!ending) continue;
    rendering.variables.length = visible;
    return ending;
  }
  rendering.variables.length = visible;
  return undefined;
}

function performOne(rendering: Rendering, dot: Value, statement: Statement, depth: number): Ending {
  switch (statement.type) {
    case 'text':
      write(rendering, statement.position, statement.text);
      return undefined;
    case 'print':
      print(rendering, dot, statement);
      return undefined;
    case 'if':
    case 'with':
      return performBranch(rendering, dot, statement, depth);
    case 'range':
      performRange(rendering, dot, statement, depth);
      return undefined;
    case 'template':
      include(rendering, dot, statement, depth);
      return undefined;
    default:
      return statement.type;
  }
}

function performBranch(rendering: Rendering, dot: Value, statement: Conditional, depth: number): Ending {
  const visible = rendering.variables.length;
  const value = evaluatePipeline(rendering, dot, statement.pipeline);
  const inner = statement.type === 'with' ? value : dot;
  const ending = isTrue(value)
    ? perform(rendering, inner, statement.body, depth)
    : perform(rendering, dot, statement.otherwise, depth);
  rendering.variables.length = visible;
  return ending;
}

function performRange(rendering: Rendering, dot: Value, statement: Range, depth: number): void {
  const { pipeline } = statement;
  const visible = rendering.variables.length;
  const value = evaluatePipeline(rendering, dot, pipeline);
  let empty = true;
  for (const [key, item] of itemsOf(rendering, statement, value)) {
    empty = false;
    const [first, second] = pipeline.variables;
    if (first !== undefined) assign(rendering, first, second === undefined ? item : key);
    if (second !== undefined) assign(rendering, second, item);
    if (perform(rendering, item, statement.body, depth) === 'break') break;
  }
  if (empty) perform(rendering, dot, statement.otherwise, depth);
  rendering.variables.length = visible;
}

function* itemsOf(
  rendering: Rendering,
  { position, pipeline }: Range,
  value: Value,
): Generator<[Value, Value]> {
  if (value === null || value === undefined) return;
  if (value instanceof Map) {
    for (const key of [...value.keys()].sort()) yield [key, value.get(key)];
    return;
  }
  if (typeof value !== 'bigint')
    refuse(rendering, position, `range can’t iterate over ${formatValue(value)}`);
  if (pipeline.variables.length > 1) {
    refuse(rendering, position, `can’t use ${value} to iterate over more than one variable`);
  }
  for (let item = 0n; item < value; item += 1n) {
    rendering.steps -= 1;
    if (rendering.steps < 0) refuse(rendering, position, `range over ${value} takes too many steps`);
    yield [item, item];
  }
}

function include(
  rendering: Rendering,
  dot: Value,
  { name, position, pipeline }: Extract<Statement, { type: 'template' }>,
  depth: number,
): void {
  const body = rendering.template.definitions.get(name);
  if (!body) refuse(rendering, position, `template "${name}" not defined`);
  if (depth >= deepest) {
    refuse(rendering, position, `templates include each other more than ${deepest} levels deep`);
  }
  const value = pipeline ? evaluatePipeline(rendering, dot, pipeline) : undefined;
  const inner: Rendering = { ...rendering, variables: [{ name: '$', value }], output: '' };
  perform(inner, value, body, depth + 1);
  write(rendering, position, inner.output);
  rendering.steps = inner.steps;
}
