/** A query that Prometheus would refuse, or that the virtual one does not know: `bad_data` in its answer. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
}

/** What the virtual Prometheus has not been taught, said so. */
export function unsupported(what: string): QueryError {
  return new QueryError(`the virtual Prometheus does not know ${what}`);
}
