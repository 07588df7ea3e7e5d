/** Gives variables of a program names that no other has. */
export class VariableNames {
  private readonly taken = new Set(['app', 'platform']);

  /** `in-test` becomes inTest. */
  take(words: string): string {
    const plain = words
      .replace(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase())
      .replace(/^[0-9]/, '_$&');
    return untaken(plain, this.taken);
  }
}

/** The name, or where it is taken the name with a number, which is taken from now on. */
export function untaken(plain: string, taken: Set<string>): string {
  let name = plain;
  for (let number = 2; taken.has(name); number += 1) name = `${plain}${number}`;
  taken.add(name);
  return name;
}
