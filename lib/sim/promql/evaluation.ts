import { type Labels, omit, signature } from '../prometheus/labels.js';
import type { SeriesStore } from '../prometheus/series.js';
import { aggregate, type Grouping } from './aggregation.js';
import { callFunction } from './functions.js';
import {
  childrenOf,
  durationMs,
  parseQuery,
  type Query,
  type SyntaxNode,
  textOf,
  unquote,
} from './grammar.js';
import { type Matching, operate } from './operators.js';
import { QueryError, unsupported } from './queryError.js';
import { readSelector, selectInstant, selectRange } from './selectors.js';
import { expectVector, scalar, type Value, vector } from './values.js';

/** Of a subquery that names none: Prometheus' default evaluation interval. */
const defaultResolutionMs = 60_000;

interface Context {
  readonly query: Query;
  readonly store: SeriesStore;
  /** Epoch ms. */
  readonly atMs: number;
}

/** Evaluates an instant query at a time. Throws a QueryError. */
export function evaluate(text: string, store: SeriesStore, atMs: number): Value {
  const query = parseQuery(text);
  return visit({ query, store, atMs }, query.root);
}

function child(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return childrenOf(node).find((candidate) => candidate.name === name);
}

function labelNames(context: Context, node: SyntaxNode | undefined): string[] {
  return node ? childrenOf(node).map((label) => textOf(context.query, label)) : [];
}

/** Steps of a subquery are multiples of its resolution, and none lies at the open left end. */
function subquery(context: Context, node: SyntaxNode): Value {
  const [inner, range, resolution] = childrenOf(node);
  const rangeMs = durationMs(textOf(context.query, range!));
  const stepMs = resolution ? durationMs(textOf(context.query, resolution)) : defaultResolutionMs;
  const startMs = context.atMs - rangeMs;
  const ranges = new Map<string, { labels: Labels; times: number[]; values: number[] }>();
  for (let atMs = Math.floor(startMs / stepMs) * stepMs + stepMs; atMs <= context.atMs; atMs += stepMs) {
    for (const { labels, value } of expectVector(visit({ ...context, atMs }, inner!), 'subquery')) {
      const id = signature(labels);
      const known = ranges.get(id) ?? { labels, times: [], values: [] };
      ranges.set(id, known);
      known.times.push(atMs);
      known.values.push(value);
    }
  }
  return { type: 'matrix', ranges: [...ranges.values()], startMs, endMs: context.atMs };
}

/** `… @ 1600000000.5`: evaluated at that time, whatever the time of the query. */
function fixed(context: Context, node: SyntaxNode): Value {
  const time = child(node, 'NumberDurationLiteral');
  const seconds = Number(time && textOf(context.query, time));
  if (Number.isNaN(seconds)) throw unsupported(`the time in ${textOf(context.query, node)}`);
  return visit({ ...context, atMs: Math.round(seconds * 1000) }, node.firstChild!);
}

function matrix(context: Context, node: SyntaxNode): Value {
  const [selector, duration] = childrenOf(node);
  if (selector?.name !== 'VectorSelector' || !duration)
    throw new QueryError('ranges only allowed for vector selectors');
  const rangeMs = durationMs(textOf(context.query, duration));
  const ranges = selectRange(context.store, readSelector(context.query, selector), context.atMs, rangeMs);
  return { type: 'matrix', ranges, startMs: context.atMs - rangeMs, endMs: context.atMs };
}

function call(context: Context, node: SyntaxNode): Value {
  const [identifier, body] = childrenOf(node);
  const parameters = body ? childrenOf(body).map((parameter) => visit(context, parameter)) : [];
  return callFunction(textOf(context.query, identifier!), parameters, context.atMs);
}

function aggregation(context: Context, node: SyntaxNode): Value {
  const operator = textOf(context.query, child(node, 'AggregateOp')!).toLowerCase();
  const modifier = child(node, 'AggregateModifier');
  const grouping: Grouping = modifier && {
    kind: child(modifier, 'By') ? 'by' : 'without',
    names: labelNames(context, child(modifier, 'GroupingLabels')),
  };
  const parameters = childrenOf(child(node, 'FunctionCallBody')!);
  if (parameters.length !== 1)
    throw unsupported(`the aggregation ${operator} with ${parameters.length} parameters`);
  return vector(aggregate(operator, expectVector(visit(context, parameters[0]!), operator), grouping));
}

function binary(context: Context, node: SyntaxNode): Value {
  const children = childrenOf(node);
  const clause = child(node, 'MatchingModifierClause');
  if (clause && (child(clause, 'GroupLeft') || child(clause, 'GroupRight')))
    throw unsupported('group_left and group_right');
  const matching: Matching = {
    kind: clause && child(clause, 'On') ? 'on' : 'ignoring',
    names: clause ? labelNames(context, child(clause, 'GroupingLabels')) : [],
  };
  const operation = {
    operator: textOf(context.query, children[1]!).toLowerCase(),
    bool: child(node, 'BoolModifier') !== undefined,
    matching,
  };
  return operate(operation, visit(context, children[0]!), visit(context, children.at(-1)!));
}

function unary(context: Context, node: SyntaxNode): Value {
  const [sign, operand] = childrenOf(node);
  const value = visit(context, operand!);
  if (textOf(context.query, sign!) === '+') return value;
  if (value.type === 'scalar') return scalar(-value.value);
  const samples = expectVector(value, 'unary expression');
  return vector(
    samples.map(({ labels, value: number }) => ({ labels: omit(labels, ['__name__']), value: -number })),
  );
}

function offset(context: Context, node: SyntaxNode): Value {
  const text = textOf(context.query, child(node, 'OffsetDurationExpr')!);
  const sign = text.startsWith('-') ? -1 : 1;
  const shiftMs = sign * durationMs(text.replace(/^[-+]/, ''));
  return visit({ ...context, atMs: context.atMs - shiftMs }, node.firstChild!);
}

function literal(text: string): Value {
  if (/^[-+]?inf$/i.test(text)) return scalar(text.startsWith('-') ? -Infinity : Infinity);
  const number = Number(text);
  return scalar(Number.isNaN(number) && !/^nan$/i.test(text) ? durationMs(text) / 1000 : number);
}

const visitors: Readonly<Record<string, (context: Context, node: SyntaxNode) => Value>> = {
  VectorSelector: (context, node) =>
    vector(selectInstant(context.store, readSelector(context.query, node), context.atMs)),
  MatrixSelector: matrix,
  FunctionCall: call,
  AggregateExpr: aggregation,
  BinaryExpr: binary,
  UnaryExpr: unary,
  OffsetExpr: offset,
  StepInvariantExpr: fixed,
  SubqueryExpr: subquery,
  ParenExpr: (context, node) => visit(context, node.firstChild!),
  NumberDurationLiteral: (context, node) => literal(textOf(context.query, node)),
  StringLiteral: (context, node) => ({ type: 'string', value: unquote(textOf(context.query, node)) }),
};

function visit(context: Context, node: SyntaxNode): Value {
  const visitor = visitors[node.name];
  if (!visitor) throw unsupported(`${node.name} (${textOf(context.query, node)})`);
  return visitor(context, node);
}
