/** A command and what the programs of its pipeline are called with. */
export type Pipeline = readonly (readonly string[])[];

/** Words, quotes undone; `|` and `&&` stand for themselves. */
function words(command: string): string[] {
  const found: string[] = [];
  for (const [, double, single, operator, bare] of command.matchAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|(&&|\|)|([^\s"'|&]+)/g,
  ))
    found.push(operator ? `\u0000${operator}` : (double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? ''));
  return found;
}

function split(list: readonly string[], separator: string): string[][] {
  const parts: string[][] = [[]];
  for (const word of list) {
    if (word === separator) parts.push([]);
    else parts.at(-1)!.push(word);
  }
  return parts;
}

/** The pipelines of a command line, joined by `&&`: as much of a shell as hooks need. */
export function parseCommand(command: string): Pipeline[] {
  return split(words(command), '\u0000&&').map((part) => split(part, '\u0000|'));
}
