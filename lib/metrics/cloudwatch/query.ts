import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { PerchError } from '../../api/errors.js';

/** Every name in a metric data query, as the API spells it. */
const names = [
  ...['AccountId', 'Dimensions', 'Expression', 'Id', 'Label', 'Metric', 'MetricName', 'MetricStat', 'Name'],
  ...['Namespace', 'Period', 'ReturnData', 'Stat', 'Unit', 'Value'],
];
const spelling = new Map(names.map((name) => [name.toLowerCase(), name]));

/** A template's query: a JSON array of metric data queries, whose names may be in lower case, as Go reads them. */
export function readQuery(text: string): MetricDataQuery[] {
  const parsed = parse(text);
  if (Array.isArray(parsed)) return parsed.map(respell) as MetricDataQuery[];
  throw invalidQuery(`given ${parsed === null ? 'null' : `a ${typeof parsed}`}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidQuery(error instanceof Error ? error.message : String(error));
  }
}

function respell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(respell);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [spelling.get(name.toLowerCase()) ?? name, respell(inner)]),
  );
}

function invalidQuery(what: string): PerchError {
  return new PerchError({
    code: 'METRIC_QUERY',
    message: `error unmarshaling query: expected a JSON array of metric data queries, ${what}`,
    remedy: 'write the query as [{"Id": "e1", "Expression": "…"}, …], as GetMetricData takes it',
    path: 'spec.query',
  });
}
