import { syntaxFault } from './fault.js';
import type { Piece, Token, TokenType } from './token.js';

/** Reads an action's tokens one after the other. */
export interface Cursor {
  /** The next token, white space included; undefined at the end of the action. */
  peek(): Token | undefined;
  next(): Token | undefined;
  /** Like peek and next, past white space. */
  peekSolid(): Token | undefined;
  nextSolid(): Token | undefined;
  /** Takes the next solid token when it is this mark or word. */
  take(type: TokenType, text: string): boolean;
  /** A cursor that starts here and moves this one only when it is committed. */
  fork(): Cursor & { commit(): void };
  /** Complains about the next solid token. */
  refuse(expected: string): never;
}

type Action = Extract<Piece, { type: 'action' }>;

export function cursorOver(
  source: string,
  action: Action,
  start = 0,
): Cursor & { readonly index: () => number } {
  const { tokens, position } = action;
  let index = start;
  const skipSpace = (): void => {
    while (tokens[index]?.type === 'space') index += 1;
  };
  const cursor = {
    index: () => index,
    peek: () => tokens[index],
    next: () => tokens[index++],
    peekSolid: () => {
      skipSpace();
      return tokens[index];
    },
    nextSolid: () => {
      skipSpace();
      return tokens[index++];
    },
    take: (type: TokenType, text: string) => {
      const token = cursor.peekSolid();
      if (token?.type !== type || token.text !== text) return false;
      index += 1;
      return true;
    },
    fork: () => {
      const ahead = cursorOver(source, action, index);
      const commit = (): void => {
        index = ahead.index();
      };
      return { ...ahead, commit };
    },
    refuse: (expected: string): never => {
      const token = cursor.peekSolid();
      const given = token ? JSON.stringify(token.text) : 'the end of the action';
      throw syntaxFault(source, token?.position ?? position, `expected ${expected}, given ${given}`);
    },
  };
  return cursor;
}
