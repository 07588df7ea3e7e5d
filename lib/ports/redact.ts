/** A text with every secret crossed out, as it is written and as a URL or JSON writes it. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  return (
    secrets
      .map((value = '') => value.trim())
      .flatMap((value) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])
      .filter((value) => value.length > 1)
      // Longest first: of one that begins with another the rest would stay.
      .sort((a, b) => b.length - a.length)
      .reduce((kept, value) => kept.replaceAll(value, '***'), text)
  );
}
