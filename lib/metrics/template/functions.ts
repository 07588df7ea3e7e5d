import { equals, equalsAny, isLess } from './comparison.js';
import { escapeHtml, escapeScript, escapeUrl } from './escape.js';
import type { TemplateFunction } from './evaluator.js';
import { formatValue, printLine, printPlain } from './print.js';
import { printFormatted } from './printf.js';
import { isTrue, typeName, type Value } from './value.js';

type Refuse = (message: string) => never;

/** A function of exactly `count` arguments. */
function fixed(name: string, count: number, perform: TemplateFunction): [string, TemplateFunction] {
  return [
    name,
    (args, refuse) => {
      if (args.length !== count) refuse(`wrong number of args for ${name}: want ${count} got ${args.length}`);
      return perform(args, refuse);
    },
  ];
}

/** A function of one's own without arguments. */
export function constant(name: string, value: Value): [string, TemplateFunction] {
  return fixed(name, 0, () => value);
}

/** Those of Go's text/template, without `call`; `and` and `or` are the evaluator's. */
export const standardFunctions = new Map<string, TemplateFunction>([
  ['print', printPlain],
  ['println', printLine],
  ['printf', printf],
  ['html', escapeHtml],
  ['js', escapeScript],
  ['urlquery', escapeUrl],
  ['index', index],
  ['slice', slice],
  fixed('len', 1, ([value], refuse) => length(value, refuse)),
  fixed('not', 1, ([value]) => !isTrue(value)),
  ['eq', equalsAny],
  fixed('ne', 2, ([left, right], refuse) => !equals(left, right, refuse)),
  fixed('lt', 2, ([left, right], refuse) => isLess(left, right, refuse)),
  fixed('le', 2, ([left, right], refuse) => isLess(left, right, refuse) || equals(left, right, refuse)),
  fixed('gt', 2, ([left, right], refuse) => !isLess(left, right, refuse) && !equals(left, right, refuse)),
  fixed('ge', 2, ([left, right], refuse) => !isLess(left, right, refuse)),
]);

function printf(args: readonly Value[], refuse: Refuse): string {
  const [format, ...rest] = args;
  if (typeof format !== 'string') return refuse(`printf: expected string; found ${formatValue(format)}`);
  return printFormatted(format, rest, refuse);
}

function length(value: Value, refuse: Refuse): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (value instanceof Map) return BigInt(value.size);
  return refuse(`len of type ${typeName(value)}`);
}

/** An entry of a map ("" when there is none) or a byte of a string. */
function index(args: readonly Value[], refuse: Refuse): Value {
  if (args.length === 0) refuse('wrong number of args for index: want at least 1 got 0');
  const [item, ...keys] = args;
  let value = item;
  for (const key of keys) value = indexOnce(value, key, refuse);
  return value;
}

function indexOnce(value: Value, key: Value, refuse: Refuse): Value {
  if (value instanceof Map) {
    if (typeof key === 'string') return value.get(key) ?? '';
    return refuse(`index: value has type ${typeName(key)}; should be string`);
  }
  if (typeof value !== 'string') return refuse(`can’t index item of type ${typeName(value)}`);
  const bytes = Buffer.from(value);
  if (typeof key !== 'bigint') return refuse(`cannot index slice/array with type ${typeName(key)}`);
  if (key < 0n || key >= bytes.length) return refuse(`index out of range: ${key}`);
  return BigInt(bytes[Number(key)] ?? 0);
}

/** Bytes of a string from the first index up to the second. */
function slice(args: readonly Value[], refuse: Refuse): Value {
  if (args.length === 0) refuse('wrong number of args for slice: want at least 1 got 0');
  const [item, ...limits] = args;
  if (typeof item !== 'string') return refuse(`can’t slice item of type ${typeName(item)}`);
  if (limits.length > 2) return refuse('cannot 3-index slice a string');
  const bytes = Buffer.from(item);
  const [from = 0, to = bytes.length] = limits.map((limit) => {
    if (typeof limit !== 'bigint') return refuse(`cannot index slice/array with type ${typeName(limit)}`);
    if (limit < 0n || limit > bytes.length) return refuse(`index out of range: ${limit}`);
    return Number(limit);
  });
  if (from > to) return refuse(`invalid slice index: ${from} > ${to}`);
  return bytes.subarray(from, to).toString('utf8');
}
