import { parser } from '@prometheus-io/lezer-promql';
import { QueryError } from './queryError.js';

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A parsed query: the tree and the text it speaks of. */
export interface Query {
  readonly text: string;
  readonly root: SyntaxNode;
}

/** Throws a QueryError that names the position of what does not parse. */
export function parseQuery(text: string): Query {
  const tree = parser.parse(text);
  tree.iterate({
    enter: (node) => {
      if (node.type.isError)
        throw new QueryError(
          `1:${node.from + 1}: parse error: unexpected ${describe(text.slice(node.from))}`,
        );
    },
  });
  const root = tree.topNode.firstChild;
  if (!root) throw new QueryError('unknown position: parse error: no expression found in input');
  return { text, root };
}

function describe(rest: string): string {
  const word = rest.trim().split(/\s/)[0] ?? '';
  return word ? JSON.stringify(word.slice(0, 20)) : 'end of input';
}

export function textOf(query: Query, node: SyntaxNode): string {
  return query.text.slice(node.from, node.to);
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

/** The value of a string literal, its quotes and escapes undone. */
export function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replace(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Milliseconds of `1m30s`; of a bare number, seconds. */
export function durationMs(text: string): number {
  const whole = text.trim();
  if (/^[0-9.]+$/.test(whole)) return Number(whole) * 1000;
  if (!/^([0-9]+(ms|[smhdwy]))+$/.test(whole))
    throw new QueryError(`not a valid duration string: ${JSON.stringify(whole)}`);
  let total = 0;
  for (const [, amount, unit] of whole.matchAll(/([0-9]+)(ms|[smhdwy])/g))
    total += Number(amount) * units[unit!]!;
  return total;
}
