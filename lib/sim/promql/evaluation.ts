import { createMemo } from '../../api/memo.js';
import { type Labels, signature, unnamed } from '../prometheus/labels.js';
import type { SeriesStore } from '../prometheus/series.js';
import { aggregation, type Grouping } from './aggregation.js';
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

/** When a query is asked, and of what. */
interface Moment {
  readonly store: SeriesStore;
  /** Epoch ms. */
  readonly atMs: number;
}

/** A part of a query that is ready to be asked at any moment. */
type Plan = (moment: Moment) => Value;

/** What is asked once is asked again at the next look: its plan is made once. */
const plans = createMemo<Plan>(500);

/** Evaluates an instant query at a time. Throws a QueryError. */
export function evaluate(text: string, store: SeriesStore, atMs: number): Value {
  return plans(text, () => planOf(text))({ store, atMs });
}

function planOf(text: string): Plan {
  const query = parseQuery(text);
  return plan(query, query.root);
}

function child(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return childrenOf(node).find((candidate) => candidate.name === name);
}

function labelNames(query: Query, node: SyntaxNode | undefined): string[] {
  return node ? childrenOf(node).map((label) => textOf(query, label)) : [];
}

/** Steps of a subquery are multiples of its resolution, and none lies at the open left end. */
function subquery(query: Query, node: SyntaxNode): Plan {
  const [operand, range, resolution] = childrenOf(node);
  const rangeMs = durationMs(textOf(query, range!));
  const stepMs = resolution ? durationMs(textOf(query, resolution)) : defaultResolutionMs;
  const inner = plan(query, operand!);
  return ({ store, atMs: endMs }) => {
    const startMs = endMs - rangeMs;
    const ranges = new Map<string, { labels: Labels; times: number[]; values: number[] }>();
    for (let atMs = Math.floor(startMs / stepMs) * stepMs + stepMs; atMs <= endMs; atMs += stepMs) {
      for (const { labels, value } of expectVector(inner({ store, atMs }), 'subquery')) {
        const id = signature(labels);
        const known = ranges.get(id) ?? { labels, times: [], values: [] };
        ranges.set(id, known);
        known.times.push(atMs);
        known.values.push(value);
      }
    }
    return { type: 'matrix', ranges: [...ranges.values()], startMs, endMs };
  };
}

/** `… @ 1600000000.5`: evaluated at that time, whatever the time of the query. */
function fixed(query: Query, node: SyntaxNode): Plan {
  const time = child(node, 'NumberDurationLiteral');
  const seconds = Number(time && textOf(query, time));
  if (Number.isNaN(seconds)) throw unsupported(`the time in ${textOf(query, node)}`);
  const inner = plan(query, node.firstChild!);
  return ({ store }) => inner({ store, atMs: Math.round(seconds * 1000) });
}

function instant(query: Query, node: SyntaxNode): Plan {
  const selector = readSelector(query, node);
  return ({ store, atMs }) => vector(selectInstant(store, selector, atMs));
}

function matrix(query: Query, node: SyntaxNode): Plan {
  const [operand, duration] = childrenOf(node);
  if (operand?.name !== 'VectorSelector' || !duration)
    throw new QueryError('ranges only allowed for vector selectors');
  const rangeMs = durationMs(textOf(query, duration));
  const selector = readSelector(query, operand);
  return ({ store, atMs }) => {
    const ranges = selectRange(store, selector, atMs, rangeMs);
    return { type: 'matrix', ranges, startMs: atMs - rangeMs, endMs: atMs };
  };
}

function call(query: Query, node: SyntaxNode): Plan {
  const [identifier, body] = childrenOf(node);
  const name = textOf(query, identifier!);
  const parameters = body ? childrenOf(body).map((parameter) => plan(query, parameter)) : [];
  return (moment) => {
    const values = parameters.map((parameter) => parameter(moment));
    return callFunction(name, values, moment.atMs);
  };
}

function aggregated(query: Query, node: SyntaxNode): Plan {
  const operator = textOf(query, child(node, 'AggregateOp')!).toLowerCase();
  const modifier = child(node, 'AggregateModifier');
  const grouping: Grouping = modifier && {
    kind: child(modifier, 'By') ? 'by' : 'without',
    names: labelNames(query, child(modifier, 'GroupingLabels')),
  };
  const parameters = childrenOf(child(node, 'FunctionCallBody')!);
  if (parameters.length !== 1)
    throw unsupported(`the aggregation ${operator} with ${parameters.length} parameters`);
  const aggregate = aggregation(operator, grouping);
  const operand = plan(query, parameters[0]!);
  return (moment) => vector(aggregate(expectVector(operand(moment), operator)));
}

function binary(query: Query, node: SyntaxNode): Plan {
  const children = childrenOf(node);
  const clause = child(node, 'MatchingModifierClause');
  if (clause && (child(clause, 'GroupLeft') || child(clause, 'GroupRight')))
    throw unsupported('group_left and group_right');
  const matching: Matching = {
    kind: clause && child(clause, 'On') ? 'on' : 'ignoring',
    names: clause ? labelNames(query, child(clause, 'GroupingLabels')) : [],
  };
  const operation = {
    operator: textOf(query, children[1]!).toLowerCase(),
    bool: child(node, 'BoolModifier') !== undefined,
    matching,
  };
  const [left, right] = [plan(query, children[0]!), plan(query, children.at(-1)!)];
  return (moment) => operate(operation, left(moment), right(moment));
}

function unary(query: Query, node: SyntaxNode): Plan {
  const [sign, operand] = childrenOf(node);
  const inner = plan(query, operand!);
  if (textOf(query, sign!) === '+') return inner;
  return (moment) => {
    const value = inner(moment);
    if (value.type === 'scalar') return scalar(-value.value);
    const samples = expectVector(value, 'unary expression');
    return vector(samples.map(({ labels, value: number }) => ({ labels: unnamed(labels), value: -number })));
  };
}

function offset(query: Query, node: SyntaxNode): Plan {
  const text = textOf(query, child(node, 'OffsetDurationExpr')!);
  const sign = text.startsWith('-') ? -1 : 1;
  const shiftMs = sign * durationMs(text.replace(/^[-+]/, ''));
  const inner = plan(query, node.firstChild!);
  return ({ store, atMs }) => inner({ store, atMs: atMs - shiftMs });
}

function literal(text: string): Value {
  if (/^[-+]?inf$/i.test(text)) return scalar(text.startsWith('-') ? -Infinity : Infinity);
  const number = Number(text);
  return scalar(Number.isNaN(number) && !/^nan$/i.test(text) ? durationMs(text) / 1000 : number);
}

function constant(value: Value): Plan {
  return () => value;
}

const planners: Readonly<Record<string, (query: Query, node: SyntaxNode) => Plan>> = {
  VectorSelector: instant,
  MatrixSelector: matrix,
  FunctionCall: call,
  AggregateExpr: aggregated,
  BinaryExpr: binary,
  UnaryExpr: unary,
  OffsetExpr: offset,
  StepInvariantExpr: fixed,
  SubqueryExpr: subquery,
  ParenExpr: (query, node) => plan(query, node.firstChild!),
  NumberDurationLiteral: (query, node) => constant(literal(textOf(query, node))),
  StringLiteral: (query, node) => constant({ type: 'string', value: unquote(textOf(query, node)) }),
};

function plan(query: Query, node: SyntaxNode): Plan {
  const planner = planners[node.name];
  if (!planner) throw unsupported(`${node.name} (${textOf(query, node)})`);
  return planner(query, node);
}
