/** A value of the generated program, both to be printed and to be computed. */
export type Expression =
  | string
  | number
  | boolean
  | undefined
  | Call
  | Name
  | readonly Expression[]
  | { readonly [field: string]: Expression };

/** `Strategy.canary(…)`, or `new CanaryApp(…)`. */
export class Call {
  constructor(
    readonly callee: string,
    readonly args: readonly Expression[],
  ) {}
}

/** A variable of the program. */
export class Name {
  constructor(readonly name: string) {}
}

export type Scope = Readonly<Record<string, unknown>>;

/** What the expression comes to when the program runs. */
export function evaluate(expression: Expression, scope: Scope): unknown {
  if (expression instanceof Name) return scope[expression.name];
  if (expression instanceof Call) return call(expression, scope);
  if (Array.isArray(expression)) return expression.map((item) => evaluate(item, scope));
  if (typeof expression !== 'object') return expression;
  // As printed: a field without a value is none.
  const fields = Object.entries(expression).filter(([, value]) => value !== undefined);
  return Object.fromEntries(fields.map(([field, value]) => [field, evaluate(value, scope)]));
}

function call({ callee, args }: Call, scope: Scope): unknown {
  const values = args.map((arg) => evaluate(arg, scope));
  if (callee.startsWith('new ')) {
    const construct = scope[callee.slice(4)] as new (...values: unknown[]) => unknown;
    return new construct(...values);
  }
  const [owner = '', method = ''] = callee.split('.');
  const methods = scope[owner] as Record<string, (...values: unknown[]) => unknown>;
  return methods[method]!(...values);
}

/** The names of libraries that an expression uses: `Strategy` of `Strategy.canary(…)`. */
export function namesUsed(expression: Expression): string[] {
  if (expression instanceof Call) {
    const [owner = ''] = expression.callee.replace('new ', '').split('.');
    return [owner, ...expression.args.flatMap(namesUsed)];
  }
  if (expression instanceof Name || typeof expression !== 'object') return [];
  return Object.values(expression).flatMap(namesUsed);
}
