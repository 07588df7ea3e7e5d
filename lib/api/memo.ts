/** Gives the value of a key, which `make` makes when it is not remembered. */
export type Memo<V> = (key: string, make: () => V) => V;

/** Remembers values that depend on their key alone: up to `most`, then all are forgotten and what is in use comes again. */
export function createMemo<V>(most: number): Memo<V> {
  const made = new Map<string, V>();
  return (key, make) => {
    const known = made.get(key);
    if (known !== undefined || made.has(key)) return known as V;
    const value = make();
    if (made.size >= most) made.clear();
    made.set(key, value);
    return value;
  };
}
