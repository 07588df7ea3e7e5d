/** The same with its headers' names in lower case, as everything in the world looks for them: HTTP makes no difference. */
export function withLowerCaseHeaders<T extends { readonly headers?: Readonly<Record<string, string>> }>(
  given: T,
): T {
  if (!given.headers) return given;
  const entries = Object.entries(given.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...given, headers: Object.fromEntries(entries) };
}
