import type { LRParser } from '@lezer/lr';

// The package's types are those of its ES module alone.
export const { parser } = require('@prometheus-io/lezer-promql') as { parser: LRParser };

/** What of a query is no PromQL, each from where it begins; none when it parses. */
export function faultsOf(query: string): string[] {
  const faults: string[] = [];
  parser.parse(query).iterate({
    enter: (node) => {
      if (node.type.isError) faults.push(query.slice(node.from));
    },
  });
  return faults;
}
