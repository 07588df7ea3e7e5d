import { type Cursor, cursorOver } from './cursor.js';
import { syntaxFault } from './fault.js';
import { readPieces } from './lexer.js';
import { readString } from './literal.js';
import type { Pipeline, Statement, Template } from './node.js';
import { enter, parsePipeline, type Scope } from './pipelineParser.js';
import type { Piece } from './token.js';

/** Reads a template. `functions` are the names that may be called. Throws a PerchError that says where it went wrong. */
export function parseTemplate(source: string, functions: ReadonlySet<string>): Template {
  const parser: Parser = {
    scope: { source, functions, variables: ['$'], depth: 0 },
    pieces: readPieces(source),
    definitions: new Map(),
    index: 0,
    loops: 0,
  };
  const { body, stop } = parseBody(parser);
  if (stop) throw syntaxFault(source, stop.position, `unexpected {{${stop.word}}}`);
  return { source, body, definitions: parser.definitions };
}

/** Where a template's reading stands. */
interface Parser {
  readonly scope: Scope;
  readonly pieces: readonly Piece[];
  readonly definitions: Map<string, readonly Statement[]>;
  index: number;
  /** Loops around this place: `break` needs one. */
  loops: number;
}

/** The `{{end}}` or `{{else}}` that ended a body; `cursor` stands behind the word. */
interface Stop {
  readonly word: 'end' | 'else';
  readonly cursor: Cursor;
  readonly position: number;
}

type Reader = (parser: Parser, cursor: Cursor, position: number) => Statement | undefined;

const keywords: Readonly<Record<string, Reader>> = {
  if: (parser, cursor, position) => parseBranch(parser, cursor, 'if', position),
  with: (parser, cursor, position) => parseBranch(parser, cursor, 'with', position),
  range: (parser, cursor, position) => parseBranch(parser, cursor, 'range', position),
  break: (parser, cursor, position) => parseJump(parser, cursor, 'break', position),
  continue: (parser, cursor, position) => parseJump(parser, cursor, 'continue', position),
  define: parseDefinition,
  template: parseInclusion,
  block: parseBlock,
};

function parseBody(parser: Parser): { body: Statement[]; stop: Stop | undefined } {
  const body: Statement[] = [];
  for (let piece = parser.pieces[parser.index]; piece; piece = parser.pieces[parser.index]) {
    parser.index += 1;
    if (piece.type === 'text') {
      body.push(piece);
      continue;
    }
    const cursor = cursorOver(parser.scope.source, piece);
    const word = cursor.peekSolid();
    if (word?.type === 'identifier' && (word.text === 'end' || word.text === 'else')) {
      cursor.nextSolid();
      return { body, stop: { word: word.text, cursor, position: piece.position } };
    }
    const statement = parseStatement(parser, cursor, piece.position);
    if (statement) body.push(statement);
  }
  return { body, stop: undefined };
}

function parseStatement(parser: Parser, cursor: Cursor, position: number): Statement | undefined {
  const word = cursor.peekSolid();
  const read =
    word?.type === 'identifier' && Object.hasOwn(keywords, word.text) ? keywords[word.text] : undefined;
  if (!read) return { type: 'print', pipeline: parseWhole(parser, cursor) };
  cursor.nextSolid();
  return read(parser, cursor, position);
}

/** A pipeline that ends where the action ends. */
function parseWhole(parser: Parser, cursor: Cursor, limit = 1): Pipeline {
  const pipeline = parsePipeline(parser.scope, cursor, limit);
  requireEnd(cursor);
  return pipeline;
}

function requireEnd(cursor: Cursor): void {
  if (cursor.peekSolid()) cursor.refuse('the end of the action');
}

function parseBranch(
  parser: Parser,
  cursor: Cursor,
  type: 'if' | 'with' | 'range',
  position: number,
): Statement {
  const visible = parser.scope.variables.length;
  enter(parser.scope, position);
  const pipeline = parseWhole(parser, cursor, type === 'range' ? 2 : 1);
  if (type === 'range') parser.loops += 1;
  const { body, stop } = parseBody(parser);
  if (type === 'range') parser.loops -= 1;
  if (!stop) throw syntaxFault(parser.scope.source, position, `{{${type}}} has no {{end}}`);
  const otherwise = stop.word === 'else' ? parseElse(parser, stop, type) : [];
  if (stop.word === 'end') requireEnd(stop.cursor);
  parser.scope.variables.length = visible;
  parser.scope.depth -= 1;
  return { type, position, pipeline, body, otherwise };
}

/** `{{else}}`, `{{else if …}}` or `{{else with …}}`, up to the branch's `{{end}}`. */
function parseElse(parser: Parser, stop: Stop, type: 'if' | 'with' | 'range'): readonly Statement[] {
  const { cursor, position } = stop;
  if (type !== 'range' && cursor.take('identifier', type))
    return [parseBranch(parser, cursor, type, position)];
  requireEnd(cursor);
  return parseToEnd(parser, position, 'else');
}

function parseToEnd(parser: Parser, position: number, opener: string): readonly Statement[] {
  const { body, stop } = parseBody(parser);
  if (stop?.word !== 'end')
    throw syntaxFault(parser.scope.source, stop?.position ?? position, `expected {{end}} of {{${opener}}}`);
  requireEnd(stop.cursor);
  return body;
}

function parseJump(parser: Parser, cursor: Cursor, type: 'break' | 'continue', position: number): Statement {
  if (parser.loops === 0) throw syntaxFault(parser.scope.source, position, `{{${type}}} outside {{range}}`);
  requireEnd(cursor);
  return { type };
}

function parseDefinition(parser: Parser, cursor: Cursor, position: number): undefined {
  if (parser.scope.depth > 0)
    throw syntaxFault(parser.scope.source, position, 'unexpected {{define}} within another action');
  const name = parseName(parser, cursor);
  requireEnd(cursor);
  parser.definitions.set(name, parseApart(parser, position, 'define'));
}

function parseInclusion(parser: Parser, cursor: Cursor, position: number): Statement {
  const name = parseName(parser, cursor);
  const pipeline = cursor.peekSolid() ? parseWhole(parser, cursor) : undefined;
  return { type: 'template', position, name, pipeline };
}

function parseBlock(parser: Parser, cursor: Cursor, position: number): Statement {
  const name = parseName(parser, cursor);
  const pipeline = parseWhole(parser, cursor);
  parser.definitions.set(name, parseApart(parser, position, 'block'));
  return { type: 'template', position, name, pipeline };
}

/** A body that sees no variable and no loop of what is around it. */
function parseApart(parser: Parser, position: number, opener: string): readonly Statement[] {
  const apart: Parser = { ...parser, scope: { ...parser.scope, variables: ['$'] }, loops: 0 };
  enter(apart.scope, position);
  const body = parseToEnd(apart, position, opener);
  parser.index = apart.index;
  return body;
}

function parseName(parser: Parser, cursor: Cursor): string {
  const token = cursor.peekSolid();
  if (token?.type !== 'string') return cursor.refuse('a template’s name in quotes');
  cursor.nextSolid();
  return readString(parser.scope.source, token);
}
