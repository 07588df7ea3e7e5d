import { Call, type Expression, Name } from './expression.js';

const lineWidth = 100;

/** The expression as TypeScript, in one line where it fits beside `column` characters. */
export function printExpression(expression: Expression, indent = 0, column = indent): string {
  if (typeof expression === 'string') return quote(expression);
  if (expression instanceof Name) return expression.name;
  if (typeof expression !== 'object') return String(expression);
  const oneLine = inOneLine(expression);
  if (!oneLine.includes('\n') && column + oneLine.length <= lineWidth) return oneLine;
  if (expression instanceof Call) return printCall(expression, indent);
  return printEntries(expression, indent);
}

function printEntries(expression: readonly Expression[] | object, indent: number): string {
  const inner = indent + 2;
  const pad = ' '.repeat(inner);
  const entries = Array.isArray(expression)
    ? expression.map((item) => pad + printExpression(item, inner))
    : fieldsOf(expression).map(([field, value]) => {
        if (value instanceof Name && value.name === field) return `${pad}${field}`;
        const name = `${pad}${fieldName(field)}: `;
        return name + printExpression(value, inner, name.length);
      });
  const [open, close] = Array.isArray(expression) ? '[]' : '{}';
  return `${open}\n${entries.join(',\n')},\n${' '.repeat(indent)}${close}`;
}

/** The last argument takes the lines that it needs. */
function printCall({ callee, args }: Call, indent: number): string {
  const last = args.at(-1);
  const breaks = typeof last === 'object' && !(last instanceof Call) && !(last instanceof Name);
  const printed = args.map((arg) =>
    breaks && arg === last ? printEntries(last, indent) : printExpression(arg, indent),
  );
  return `${callee}(${printed.join(', ')})`;
}

function inOneLine(expression: Expression): string {
  if (typeof expression === 'string') return quote(expression);
  if (expression instanceof Name) return expression.name;
  if (expression instanceof Call) return `${expression.callee}(${expression.args.map(inOneLine).join(', ')})`;
  if (typeof expression !== 'object') return String(expression);
  if (Array.isArray(expression)) return `[${expression.map(inOneLine).join(', ')}]`;
  const fields = fieldsOf(expression).map(([field, value]) => `${fieldName(field)}: ${inOneLine(value)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function fieldsOf(expression: object): [string, Expression][] {
  return Object.entries(expression).filter(([, value]) => value !== undefined);
}

function fieldName(field: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(field) && field !== '__proto__' ? field : quote(field);
}

/** A literal; one of several lines as a template, as people write queries. */
function quote(text: string): string {
  if (/^[^\n]+\n/.test(text) && !text.includes('\r')) {
    return `\`${text.replace(/[\\`]|\$(?=\{)/g, '\\$&')}\``;
  }
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');
  if (inner.includes("'") && !text.includes('"')) return JSON.stringify(text);
  return `'${inner.replaceAll("'", "\\'")}'`;
}
