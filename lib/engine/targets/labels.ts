type StringMap = Readonly<Record<string, string>>;

/** Keys by which Flux tells what it owns; on a copy they would make Flux delete or overwrite it. */
const TOOLKIT = 'toolkit.fluxcd.io';

export function withoutToolkit(map: StringMap | undefined): Record<string, string> {
  return pick(map, (key) => !key.includes(TOOLKIT));
}

/** Entries whose key starts with one of the prefixes (`*` is every key), Flux's own left out. */
export function withPrefix(map: StringMap | undefined, prefixes: readonly string[]): Record<string, string> {
  const wanted = (key: string) => prefixes.some((prefix) => prefix === '*' || key.startsWith(prefix));
  return pick(withoutToolkit(map), wanted);
}

export function pick(map: StringMap | undefined, keep: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => keep(key)));
}
