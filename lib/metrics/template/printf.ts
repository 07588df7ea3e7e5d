import { formatFloat } from './float.js';
import { formatValue } from './print.js';
import { characterOf, quoteCharacter, quoteString } from './quote.js';
import { typeName, type Value } from './value.js';

/** One `%…` of a format. */
interface Directive {
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly verb: string;
}

const directive = /%([+\-# 0]*)(\*|\d+)?(?:\.(\*|\d*))?(.)?/gsu;

/** Widths and precisions above this are a mistake, as in Go. */
const widest = 1_000_000;

/** Go's Sprintf, for the values that templates have. `refuse` is called for what it leaves out. */
export function printFormatted(
  format: string,
  args: readonly Value[],
  refuse: (message: string) => never,
): string {
  let used = 0;
  const take = (): Value | 'missing' => (used < args.length ? args[used++] : 'missing');
  const text = format.replace(
    directive,
    (_whole, flags: string, width, precision, verb: string | undefined) => {
      if (verb === '[') refuse('printf: argument indexes such as %[1]s are not supported');
      const columns = width === '*' ? measure(take()) : readCount(width);
      const given = precision === '*' ? measure(take()) : readCount(precision === '' ? '0' : precision);
      const places = typeof given === 'number' && given < 0 ? 'bad' : given;
      const complaint = `${columns === 'bad' ? '%!(BADWIDTH)' : ''}${places === 'bad' ? '%!(BADPREC)' : ''}`;
      if (verb === undefined) return `${complaint}%!(NOVERB)`;
      if (verb === '%') return `${complaint}%`;
      if (used >= args.length) return `${complaint}%!${verb}(MISSING)`;
      return complaint + formatOne(args[used++], shapeOf(flags, columns, places, verb), refuse);
    },
  );
  const extra = args
    .slice(used)
    .map((value) => (value == null ? '<nil>' : `${typeName(value)}=${formatValue(value)}`));
  return extra.length > 0 ? `${text}%!(EXTRA ${extra.join(', ')})` : text;
}

type Count = number | 'bad' | undefined;

function shapeOf(flags: string, columns: Count, places: Count, verb: string): Directive {
  const width = columns === 'bad' ? undefined : columns;
  const precision = places === 'bad' ? undefined : places;
  // `%+v` asks for field names, not for signs.
  const signs = verb === 'v' ? flags.replaceAll('+', '') : flags;
  return {
    flags: width !== undefined && width < 0 ? `${signs}-` : signs,
    width: width && Math.abs(width),
    precision,
    verb,
  };
}

function readCount(digits: string | undefined): Count {
  if (digits === undefined) return undefined;
  return Number(digits) > widest ? 'bad' : Number(digits);
}

function measure(value: Value | 'missing'): number | 'bad' {
  if (typeof value !== 'bigint' || value > BigInt(widest) || value < BigInt(-widest)) return 'bad';
  return Number(value);
}

function formatOne(value: Value, shape: Directive, refuse: (message: string) => never): string {
  const { verb, flags } = shape;
  if (/^[pw]$/.test(verb)) refuse(`printf: %${verb} is not supported`);
  if (verb === 'T') return pad(typeName(value), shape);
  if (value === null || value === undefined) return verb === 'v' ? pad('<nil>', shape) : `%!${verb}(<nil>)`;
  if (typeof value === 'object') return formatMap(value, shape, refuse);
  if (verb === 'v' && flags.includes('#') && typeof value === 'string') return pad(quoteString(value), shape);
  const bad = `%!${verb}(${typeName(value)}=${formatValue(value)})`;
  switch (typeof value) {
    case 'string':
      return formatString(value, shape) ?? bad;
    case 'bigint':
      return formatInteger(value, shape) ?? bad;
    case 'number':
      if (/^[xXb]$/.test(verb)) refuse(`printf: %${verb} of a float64 is not supported`);
      return formatNumber(value, shape) ?? bad;
    default:
      return verb === 't' || verb === 'v' ? pad(String(value), shape) : bad;
  }
}

function formatMap(
  map: ReadonlyMap<string, string>,
  shape: Directive,
  refuse: (message: string) => never,
): string {
  if (shape.verb === 'v' && shape.flags.includes('#')) refuse('printf: %#v of a map is not supported');
  const show = (text: string): string => formatOne(text, shape, refuse);
  const entries = [...map.keys()].sort().map((key) => `${show(key)}:${show(map.get(key) ?? '')}`);
  return `map[${entries.join(' ')}]`;
}

function formatString(value: string, shape: Directive): string | undefined {
  const { verb, flags, precision } = shape;
  const cut = precision === undefined ? value : [...value].slice(0, precision).join('');
  switch (verb) {
    case 's':
    case 'v':
      return pad(cut, shape);
    case 'q': {
      const raw = flags.includes('#') && !/[`\p{Cc}\uFEFF]/u.test(cut.replaceAll('\t', ''));
      return pad(raw ? `\`${cut}\`` : quoteString(cut, flags.includes('+')), shape);
    }
    case 'x':
    case 'X': {
      const hex = Buffer.from(value).subarray(0, precision).toString('hex');
      const spaced = flags.includes(' ') ? (hex.match(/../g) ?? []).join(' ') : hex;
      const marked = flags.includes('#') && hex ? `0x${spaced.replaceAll(' ', ' 0x')}` : spaced;
      return pad(verb === 'X' ? marked.toUpperCase() : marked, shape);
    }
    default:
      return undefined;
  }
}

const bases: Readonly<Record<string, { readonly base: number; readonly mark: string }>> = {
  d: { base: 10, mark: '' },
  v: { base: 10, mark: '' },
  b: { base: 2, mark: '0b' },
  o: { base: 8, mark: '0' },
  O: { base: 8, mark: '0o' },
  x: { base: 16, mark: '0x' },
  X: { base: 16, mark: '0X' },
};

function formatInteger(value: bigint, shape: Directive): string | undefined {
  const { verb, flags, precision } = shape;
  if (verb === 'c') return pad(characterOf(value), shape);
  if (verb === 'q') return pad(quoteCharacter(value, flags.includes('+')), shape);
  if (verb === 'U')
    return pad(
      `U+${value
        .toString(16)
        .toUpperCase()
        .padStart(Math.max(4, precision ?? 0), '0')}`,
      shape,
    );
  const notation = bases[verb];
  if (!notation) return undefined;
  const size = (value < 0n ? -value : value).toString(notation.base);
  const digits = (verb === 'X' ? size.toUpperCase() : size).padStart(precision ?? 0, '0');
  const shown = precision === 0 && value === 0n ? '' : digits;
  const marked =
    (verb === 'O' || flags.includes('#')) && !shown.startsWith(notation.mark) ? notation.mark + shown : shown;
  return padNumber(value < 0n ? '-' : '', marked, shape, precision === undefined);
}

function formatNumber(value: number, shape: Directive): string | undefined {
  const { verb, precision } = shape;
  const style = verb === 'v' ? 'g' : verb.toLowerCase();
  if (style !== 'e' && style !== 'f' && style !== 'g') return undefined;
  const text = formatFloat(value, style, precision ?? (style === 'g' ? -1 : 6));
  const shown = verb === 'E' || verb === 'G' ? text.replace('e', 'E') : text;
  const sign = /^[+-]/.exec(shown)?.[0] ?? '';
  return padNumber(sign, shown.slice(sign.length), shape, Number.isFinite(value));
}

function padNumber(sign: string, digits: string, shape: Directive, zeros: boolean): string {
  const { flags, width = 0 } = shape;
  const keepsPlus = sign === '+' && !flags.includes(' ');
  const shownSign =
    sign === '-' || keepsPlus ? sign : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const fill = zeros && flags.includes('0') && !flags.includes('-');
  const body = fill ? digits.padStart(width - shownSign.length, '0') : digits;
  return pad(shownSign + body, { ...shape, flags: flags.replaceAll('0', '') });
}

/** Fills up to the width: blanks, or zeros where the flag asks for them; counted in characters. */
function pad(text: string, { flags, width = 0 }: Directive): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  return (flags.includes('0') ? '0' : ' ').repeat(missing) + text;
}
