/** Gives variables of a program names that no other has. */
export class VariableNames {
  private readonly taken = new Set(['app', 'platform']);

  /** `in-test` becomes inTest. */
  take(words: string): string {
    const plain = words
      .replace(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase())
      .replace(/^[0-9]/, '_$&');
    let name = plain;
    for (let number = 2; this.taken.has(name); number += 1) name = `${plain}${number}`;
    this.taken.add(name);
    return name;
  }
}
