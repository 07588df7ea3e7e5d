import type { LRParser } from '@lezer/lr';
import type { IConstruct } from 'constructs';
import { constructError } from '../failure.js';

/**
 * Throws when a query is no PromQL. Template actions (`{{ namespace }}`) are stood in for by blanks or names of the
 * same length, so that positions stay; a query with `{{ if }}`, `{{ range }}` or `{{ with }}` is not checked, since
 * what it becomes depends on values that only the controller has.
 */
export function checkPromql(scope: IConstruct, metric: string, query: string): void {
  if (/\{\{-?\s*(if|else|range|with|define|template|block|end)\b/.test(query)) return;
  const position = findSyntaxError(query.replace(/\{\{.*?\}\}/gs, standIn));
  if (position === undefined) return;
  const before = query.slice(0, position).split('\n');
  const line = before.length;
  const column = (before.at(-1) ?? '').length + 1;
  throw constructError(scope, {
    code: 'CONSTRUCT_PROMQL',
    message: `query of metric ${metric}: expected PromQL, got a syntax error at line ${line}, column ${column}:\n${pointAt(query, line, column)}`,
    remedy:
      'put the query right at the marked place; try it in the Prometheus console with the actions filled in',
  });
}

function findSyntaxError(text: string): number | undefined {
  // Loaded when the first query is checked: a program without one need not pay for it. By `require`, as the package
  // declares its types for import only.
  const { parser } = require('@prometheus-io/lezer-promql') as { parser: LRParser };
  let first: number | undefined;
  parser.parse(text).iterate({
    enter: (node) => {
      if (node.type.isError) first ??= node.from;
    },
  });
  return first;
}

/** Text of the action's length that is valid where the action's value would be. */
function standIn(action: string, offset: number, query: string): string {
  const blank = ' '.repeat(action.length);
  if (/^\{\{-?\s*(\$\w+\s*:?=|\/\*)/.test(action)) return blank;
  const before = query.slice(0, offset);
  if (/(\[|:|\boffset)\s*-?\s*$/.test(before)) return '1m'.padEnd(action.length);
  return 'x'.repeat(action.length);
}

function pointAt(query: string, line: number, column: number): string {
  return `  ${query.split('\n')[line - 1]}\n  ${' '.repeat(column - 1)}^`;
}
