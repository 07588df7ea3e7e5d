const escapes: Readonly<Record<string, string>> = {
  '%20': '+',
  '!': '%21',
  "'": '%27',
  '(': '%28',
  ')': '%29',
  '*': '%2A',
};

/** Text as a value of a URL's query, escaped as Go's `url.QueryEscape` does: a blank becomes `+`. */
export function escapeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/%20|[!'()*]/g, (found) => escapes[found]!);
}
