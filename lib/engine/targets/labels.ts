type StringMap = Readonly<Record<string, string>>;

/**
 * Keys by which Flux, and whoever deploys by ApplySet (Kubernetes enhancement 3659), tell what they own; on a copy they
 * would make them delete or overwrite it.
 */
const ownership = ['toolkit.fluxcd.io', 'applyset.kubernetes.io/'];

export function withoutToolkit(map: StringMap | undefined): Record<string, string> {
  return pick(map, (key) => !ownership.some((mark) => key.includes(mark)));
}

/** Entries whose key starts with one of the prefixes (`*` is every key), Flux's own left out. */
export function withPrefix(map: StringMap | undefined, prefixes: readonly string[]): Record<string, string> {
  const wanted = (key: string) => prefixes.some((prefix) => prefix === '*' || key.startsWith(prefix));
  return pick(withoutToolkit(map), wanted);
}

export function pick(map: StringMap | undefined, keep: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => keep(key)));
}
