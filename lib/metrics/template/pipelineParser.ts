import type { Cursor } from './cursor.js';
import { syntaxFault } from './fault.js';
import { readCharacter, readNumber, readString } from './literal.js';
import type { Command, Operand, Pipeline } from './node.js';
import type { Token } from './token.js';

/** What a pipeline may name, and where it stands. */
export interface Scope {
  readonly source: string;
  readonly functions: ReadonlySet<string>;
  /** Variables visible here, the innermost last. */
  readonly variables: string[];
  /** Branches and parentheses around this place. */
  depth: number;
}

const deepest = 200;

/** Goes one level down; a template nested without measure must not exhaust the stack. */
export function enter(scope: Scope, position: number): void {
  scope.depth += 1;
  if (scope.depth > deepest)
    throw syntaxFault(scope.source, position, `nested deeper than ${deepest} levels`);
}

/** Reads `$x := command | command …` up to the end of the action, or to `)` within parentheses. */
export function parsePipeline(scope: Scope, cursor: Cursor, limit = 1): Pipeline {
  const position = cursor.peekSolid()?.position ?? 0;
  if (!cursor.peekSolid()) cursor.refuse('a value');
  const { variables, declares } = parseTargets(scope, cursor, limit);
  const first = parseCommand(scope, cursor);
  const rest: Command[] = [];
  while (cursor.take('mark', '|')) {
    const command = parseCommand(scope, cursor);
    const [head] = command;
    if (head.type === 'literal' || head.type === 'dot' || head.type === 'nil') {
      throw syntaxFault(
        scope.source,
        head.position,
        `non executable command in pipeline stage ${rest.length + 2}`,
      );
    }
    rest.push(command);
  }
  if (declares) scope.variables.push(...variables);
  return { position, variables, declares, commands: [first, ...rest] };
}

/** `$x :=`, `$x =`, and of a range `$key, $value :=`. */
function parseTargets(
  scope: Scope,
  cursor: Cursor,
  limit: number,
): { variables: string[]; declares: boolean } {
  const ahead = lookAhead(cursor);
  if (ahead === undefined) return { variables: [], declares: false };
  const { variables, mark } = ahead;
  if (variables.length > limit) {
    throw syntaxFault(
      scope.source,
      mark.position,
      `too many declarations: expected at most ${limit}, given ${variables.length}`,
    );
  }
  const declares = mark.text === ':=';
  if (!declares) for (const variable of variables) requireVariable(scope, variable);
  return { variables: variables.map(({ text }) => text), declares };
}

function lookAhead(cursor: Cursor): { variables: Token[]; mark: Token } | undefined {
  const attempt = cursor.fork();
  const variables: Token[] = [];
  do {
    const token = attempt.nextSolid();
    if (token?.type !== 'variable') return undefined;
    variables.push(token);
  } while (attempt.take('mark', ','));
  const mark = attempt.nextSolid();
  if (mark?.type !== 'mark' || (mark.text !== ':=' && mark.text !== '=')) return undefined;
  attempt.commit();
  return { variables, mark };
}

function parseCommand(scope: Scope, cursor: Cursor): Command {
  const operands: Operand[] = [];
  for (;;) {
    const token = cursor.peekSolid();
    if (!token || (token.type === 'mark' && (token.text === '|' || token.text === ')'))) break;
    operands.push(parseOperand(scope, cursor));
    const after = cursor.peek();
    const separated =
      !after || after.type === 'space' || (after.type === 'mark' && /^[|)]$/.test(after.text));
    if (!separated) cursor.refuse('white space or the end of the action');
  }
  const [head, ...rest] = operands;
  if (!head) return cursor.refuse('a value');
  const alone = head.type === 'literal' || head.type === 'dot' || head.type === 'nil';
  if (alone && rest[0])
    throw syntaxFault(scope.source, rest[0].position, 'can’t give an argument to what is no function');
  if (head.type === 'nil') throw syntaxFault(scope.source, head.position, 'nil is not a command');
  return [head, ...rest];
}

function parseOperand(scope: Scope, cursor: Cursor): Operand {
  const operand = parseTerm(scope, cursor);
  const fields: string[] = [];
  while (cursor.peek()?.type === 'field') fields.push(cursor.next()?.text ?? '');
  if (fields.length === 0) return operand;
  if (operand.type === 'field') return { ...operand, names: [...operand.names, ...fields] };
  if (operand.type === 'literal' || operand.type === 'nil' || operand.type === 'dot') {
    throw syntaxFault(scope.source, operand.position, `unexpected .${fields[0]} after a constant`);
  }
  return { type: 'chain', of: operand, fields, position: operand.position };
}

function parseTerm(scope: Scope, cursor: Cursor): Operand {
  const token = cursor.nextSolid();
  if (!token) return cursor.refuse('a value');
  const { type, text, position } = token;
  switch (type) {
    case 'string':
      return { type: 'literal', value: readString(scope.source, token), text, position };
    case 'number':
      return { type: 'literal', value: readNumber(scope.source, token), text, position };
    case 'character':
      return { type: 'literal', value: readCharacter(scope.source, token), text, position };
    case 'dot':
      return { type: 'dot', position };
    case 'field':
      return { type: 'field', names: [text], position };
    case 'variable':
      requireVariable(scope, token);
      return { type: 'variable', name: text, position };
    case 'identifier':
      return parseWord(scope, token);
    default:
      if (text === '(') return parseParenthesis(scope, cursor, position);
      throw syntaxFault(scope.source, position, `expected a value, given ${JSON.stringify(text)}`);
  }
}

function parseParenthesis(scope: Scope, cursor: Cursor, position: number): Operand {
  enter(scope, position);
  const pipeline = parsePipeline(scope, cursor);
  scope.depth -= 1;
  if (!cursor.take('mark', ')')) throw syntaxFault(scope.source, position, 'unclosed left parenthesis');
  return { type: 'pipeline', pipeline, position };
}

const reserved = new Set([
  'if',
  'else',
  'end',
  'with',
  'range',
  'define',
  'template',
  'block',
  'break',
  'continue',
]);

function parseWord(scope: Scope, { text, position }: Token): Operand {
  if (text === 'nil') return { type: 'nil', position };
  if (text === 'true' || text === 'false') return { type: 'literal', value: text === 'true', text, position };
  if (reserved.has(text)) throw syntaxFault(scope.source, position, `unexpected <${text}> in a value`);
  if (scope.functions.has(text)) return { type: 'function', name: text, position };
  const known = [...scope.functions].sort().join(', ');
  throw syntaxFault(scope.source, position, `function "${text}" not defined; expected one of ${known}`);
}

function requireVariable(scope: Scope, { text, position }: Token): void {
  if (!scope.variables.includes(text))
    throw syntaxFault(scope.source, position, `undefined variable "${text}"`);
}
