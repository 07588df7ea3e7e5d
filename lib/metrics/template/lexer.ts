import { syntaxFault } from './fault.js';
import type { Piece, Token, TokenType } from './token.js';

const patterns: readonly (readonly [TokenType, RegExp])[] = [
  // Leaves the blank that belongs to a closing ` -}}`.
  ['space', /[ \t\r\n]+?(?=[ \t\r\n]-\}\})|[ \t\r\n]+/y],
  ['mark', /:=|[=|,()]/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|`[^`]*`/y],
  ['character', /'(?:[^'\\\n]|\\[^\n])+'/y],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['number', /[+-]?\.?[0-9](?:[0-9a-zA-Z_.]|(?<=[eEpP])[+-])*/y],
  ['field', /\.[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['identifier', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
];

/** Cuts a template into text and actions, white space next to `{{-` and `-}}` removed, comments dropped. */
export function readPieces(source: string): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  let trimStart = false;
  for (;;) {
    const open = source.indexOf('{{', position);
    const trimEnd = open >= 0 && /^\{\{-[ \t\r\n]/.test(source.slice(open, open + 4));
    addText(pieces, source.slice(position, open < 0 ? undefined : open), position, trimStart, trimEnd);
    if (open < 0) return pieces;
    const start = open + (trimEnd ? 4 : 2);
    const action = source.startsWith('/*', start) ? skipComment(source, start) : readAction(source, start);
    if (action.tokens) pieces.push({ type: 'action', tokens: action.tokens, position: open });
    position = action.end;
    trimStart = action.trim;
  }
}

interface Action {
  readonly tokens?: readonly Token[];
  /** Offset after `}}`. */
  readonly end: number;
  readonly trim: boolean;
}

function addText(
  pieces: Piece[],
  text: string,
  position: number,
  trimStart: boolean,
  trimEnd: boolean,
): void {
  let kept = trimStart ? text.replace(/^[ \t\r\n]+/, '') : text;
  if (trimEnd) kept = kept.replace(/[ \t\r\n]+$/, '');
  if (kept) pieces.push({ type: 'text', text: kept, position });
}

function skipComment(source: string, start: number): Action {
  const close = source.indexOf('*/', start + 2);
  if (close < 0) throw syntaxFault(source, start, 'unclosed comment');
  const end = /^(?:[ \t\r\n]-)?\}\}/.exec(source.slice(close + 2, close + 6));
  if (!end) throw syntaxFault(source, start, 'comment ends before closing delimiter');
  return { end: close + 2 + end[0].length, trim: end[0].length > 2 };
}

function readAction(source: string, start: number): Action {
  const tokens: Token[] = [];
  let position = start;
  while (position < source.length) {
    if (/^[ \t\r\n]-\}\}/.test(source.slice(position, position + 4)))
      return { tokens, end: position + 4, trim: true };
    if (source.startsWith('}}', position)) return { tokens, end: position + 2, trim: false };
    const token = readToken(source, position);
    position += token.text.length;
    tokens.push(token.type === 'field' ? { ...token, text: token.text.slice(1) } : token);
  }
  throw syntaxFault(source, start, 'unclosed action: expected "}}", given the end of the text');
}

function readToken(source: string, position: number): Token {
  for (const [type, pattern] of patterns) {
    pattern.lastIndex = position;
    const text = pattern.exec(source)?.[0];
    if (text === undefined) continue;
    const token: Token = { type, text, position };
    requireEnd(source, token);
    return token;
  }
  const character = String.fromCodePoint(source.codePointAt(position) ?? 0);
  const what = /["`']/.test(character)
    ? 'unterminated quoted string'
    : `unexpected ${JSON.stringify(character)} in action`;
  throw syntaxFault(source, position, what);
}

/** Words and literals may not run into each other: `name"x"` is a slip of the pen. */
function requireEnd(source: string, { type, text, position }: Token): void {
  if (type === 'space' || type === 'mark' || type === 'dot') return;
  const next = source.slice(position + text.length, position + text.length + 1);
  if (next === '' || /[ \t\r\n.,|:=()}]/.test(next)) return;
  throw syntaxFault(source, position + text.length, `unexpected ${JSON.stringify(next)} after ${text}`);
}
