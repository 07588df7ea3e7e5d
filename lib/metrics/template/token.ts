import type { Position } from './fault.js';

export type TokenType =
  | 'identifier'
  | 'field'
  | 'variable'
  | 'string'
  | 'number'
  | 'character'
  | 'dot'
  /** White space; it separates operands. */
  | 'space'
  /** `|`, `,`, `(`, `)`, `=` or `:=`. */
  | 'mark';

export interface Token {
  readonly type: TokenType;
  /** As written; of a field without its dot. */
  readonly text: string;
  readonly position: Position;
}

/** A template's pieces: text as it stands, and what is between `{{` and `}}`. */
export type Piece =
  | { readonly type: 'text'; readonly text: string; readonly position: Position }
  | { readonly type: 'action'; readonly tokens: readonly Token[]; readonly position: Position };
