interface Shared<T> {
  readonly entry: T;
  /** 0 to 1. */
  readonly share: number;
}

/** Entries by weight, each with its share of all. */
export function weighed<T>(entries: readonly T[], weightOf: (entry: T) => number): Shared<T>[] {
  const total = entries.reduce((sum, entry) => sum + weightOf(entry), 0);
  return entries.map((entry) => ({ entry, share: total === 0 ? 0 : weightOf(entry) / total }));
}

/** Those among them that get requests. */
export function shared<T>(entries: readonly T[], weightOf: (entry: T) => number): Shared<T>[] {
  return weighed(entries, weightOf).filter(({ share }) => share > 0);
}
