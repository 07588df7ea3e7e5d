import type { Labels } from '../prometheus/labels.js';
import { lastIndex, type Matcher, type Series, type SeriesStore } from '../prometheus/series.js';
import { childrenOf, type Query, type SyntaxNode, textOf, unquote } from './grammar.js';
import { QueryError, unsupported } from './queryError.js';
import type { Range, Sample } from './values.js';

/** How far back an instant selector looks for a sample (Prometheus' `--query.lookback-delta`). */
const lookbackMs = 5 * 60_000;

interface Selector {
  readonly name: string | undefined;
  readonly matches: Matcher;
}

type Comparison = (actual: string) => boolean;

function comparison(operator: string, wanted: string): Comparison {
  if (operator === '=') return (actual) => actual === wanted;
  if (operator === '!=') return (actual) => actual !== wanted;
  const pattern = compile(wanted);
  return operator === '=~' ? (actual) => pattern.test(actual) : (actual) => !pattern.test(actual);
}

/** Prometheus anchors its regular expressions at both ends. */
function compile(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch (error) {
    throw new QueryError(`error parsing regexp: ${String(error)}`);
  }
}

function labelMatcher(
  query: Query,
  node: SyntaxNode,
): { name: string; operator: string; test: Comparison; wanted: string } {
  const [label, operator, literal] = childrenOf(node);
  if (node.name !== 'UnquotedLabelMatcher' || !label || !operator || !literal)
    throw unsupported(`the label matcher ${textOf(query, node)}`);
  const wanted = unquote(textOf(query, literal));
  const sign = textOf(query, operator);
  return { name: textOf(query, label), operator: sign, test: comparison(sign, wanted), wanted };
}

export function readSelector(query: Query, node: SyntaxNode): Selector {
  const children = childrenOf(node);
  const identifier = children.find(({ name }) => name === 'Identifier');
  const list = children.find(({ name }) => name === 'LabelMatchers');
  const matchers = list ? childrenOf(list).map((matcher) => labelMatcher(query, matcher)) : [];
  const exact = matchers.find(({ name, operator }) => name === '__name__' && operator === '=')?.wanted;
  const matches: Matcher = (labels: Labels) => matchers.every(({ name, test }) => test(labels[name] ?? ''));
  return { name: identifier ? textOf(query, identifier) : exact, matches };
}

function instantOf(series: Series, atMs: number, visibleMs: number): Sample[] {
  const index = lastIndex(series.times, Math.min(atMs, visibleMs));
  if (index < 0 || series.times[index]! <= atMs - lookbackMs) return [];
  if (series.staleAt !== undefined && series.staleAt <= atMs) return [];
  return [{ labels: series.labels, value: series.values[index]! }];
}

/** The newest sample of each series, not older than the look-back. */
export function selectInstant(store: SeriesStore, { name, matches }: Selector, atMs: number): Sample[] {
  return store.select(name, matches).flatMap((series) => instantOf(series, atMs, store.visibleUntilMs));
}

/** The samples of each series after `atMs - rangeMs` and up to `atMs` (open on the left, as Prometheus 3 does). */
export function selectRange(
  store: SeriesStore,
  { name, matches }: Selector,
  atMs: number,
  rangeMs: number,
): Range[] {
  return store.select(name, matches).flatMap(({ labels, times, values }) => {
    const first = lastIndex(times, atMs - rangeMs) + 1;
    const end = lastIndex(times, Math.min(atMs, store.visibleUntilMs)) + 1;
    return first < end ? [{ labels, times: times.slice(first, end), values: values.slice(first, end) }] : [];
  });
}
