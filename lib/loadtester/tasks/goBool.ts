const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);

/** Go's strconv.ParseBool, which reads the metadata's switches; what it does not know is false. */
export function parseGoBool(text: string | undefined): boolean {
  return text !== undefined && TRUE.has(text);
}
