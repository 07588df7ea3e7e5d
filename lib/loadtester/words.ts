import { PerchError } from '../api/errors.js';

/** What a shell would do something with; without a shell it would be passed on and mean something else. */
const operators = '|&;<>()$`\n';
const dollars = '$`';

/**
 * The words of a command as a shell would split it: blanks, quotes, backslashes. Throws LOADTESTER_SHELL_SYNTAX for
 * what takes a shell: pipes, redirections, variables, several commands. `*`, `?` and `[` stand for themselves.
 */
export function splitWords(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  const text = command.trimStart();
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === "'" || char === '"') {
      const quoted = readQuoted(text, at, char);
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (char === '\\') {
      at++;
      if (text[at] !== '\n') word = (word ?? '') + (text[at] ?? '\\');
    } else if (char === ' ' || char === '\t' || (char === '\n' && text.slice(at).trim() === '')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      if (operators.includes(char) || (word === undefined && '#~'.includes(char))) throw needsShell(char);
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  if (/^[A-Za-z_]\w*=/.test(words[0] ?? '')) throw needsShell('=');
  return words;
}

function readQuoted(text: string, start: number, quote: string): { text: string; end: number } {
  let inside = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === quote) return { text: inside, end: at };
    if (quote === "'") {
      inside += char;
    } else if (char === '\\' && '"\\$`\n'.includes(text[at + 1] ?? ' ')) {
      at++;
      if (text[at] !== '\n') inside += text[at];
    } else {
      if (dollars.includes(char)) throw needsShell(char);
      inside += char;
    }
  }
  throw new PerchError({
    code: 'LOADTESTER_SHELL_SYNTAX',
    message: `expected a closing ${quote} in the command, got its end`,
    remedy: `close what the ${quote} at character ${start + 1} opens, or put a backslash before it`,
    path: 'metadata.cmd',
  });
}

function needsShell(char: string): PerchError {
  const shown = char === '\n' ? 'a line break' : char;
  return new PerchError({
    code: 'LOADTESTER_SHELL_SYNTAX',
    message: `expected one program and its arguments, got ${shown}, which takes a shell`,
    remedy: `set metadata.type to bash, or put ${shown} into single quotes where it is meant as it stands`,
    path: 'metadata.cmd',
  });
}
