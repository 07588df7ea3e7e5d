import { syntaxFault } from './fault.js';
import type { Token } from './token.js';

const named: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

/** A string as Go writes it, in double quotes or back quotes. */
export function readString(source: string, { text, position }: Token): string {
  if (text.startsWith('`')) return text.slice(1, -1).replaceAll('\r', '');
  return readEscapes(source, text.slice(1, -1), '"', position);
}

/** A character such as `'a'`: its code point, an int. */
export function readCharacter(source: string, { text, position }: Token): bigint {
  const content = readEscapes(source, text.slice(1, -1), "'", position);
  const point = content.codePointAt(0);
  if (point === undefined || [...content].length !== 1) {
    throw syntaxFault(source, position, `expected one character between quotes, given ${text}`);
  }
  return BigInt(point);
}

/** A number as Go writes it: an int, or a float64 when it has a point or an exponent. */
export function readNumber(source: string, { text, position }: Token): bigint | number {
  const digits = text.replaceAll('_', '');
  const sign = digits.startsWith('-') ? -1n : 1n;
  const plain = digits.replace(/^[+-]/, '');
  if (/^(?:[1-9][0-9]*|0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*)$/.test(plain)) {
    const value = sign * BigInt(/^0[0-7]+$/.test(plain) ? `0o${plain.slice(1)}` : plain);
    if (BigInt.asIntN(64, value) === value) return value;
    throw syntaxFault(source, position, `integer overflow: ${text} does not fit in 64 bits`);
  }
  const octal = /^0[0-9]+$/.test(plain);
  if (
    !octal &&
    /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(plain) &&
    Number.isFinite(Number(plain))
  ) {
    return Number(sign) * Number(plain);
  }
  throw syntaxFault(source, position, `bad number syntax: expected a decimal number, given ${text}`);
}

function readEscapes(source: string, content: string, quote: string, position: number): string {
  const bytes: Buffer[] = [];
  const escapes = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S])|[^\\]+/g;
  for (const [part] of content.matchAll(escapes)) bytes.push(bytesOf(source, part, quote, position));
  return Buffer.concat(bytes).toString('utf8');
}

function bytesOf(source: string, part: string, quote: string, position: number): Buffer {
  if (!part.startsWith('\\')) return Buffer.from(part);
  const code = part.slice(1);
  if (code === quote) return Buffer.from(quote);
  const byte = named[code];
  if (byte !== undefined) return Buffer.of(byte);
  const number = Number.parseInt(code.replace(/^[xuU]/, ''), /^[xuU]/.test(code) ? 16 : 8);
  const isByte = /^(?:x..|[0-7]{3})$/.test(code) && number < 256;
  if (isByte) return Buffer.of(number);
  const isPoint = /^[uU]./.test(code) && number <= 0x10ffff && (number < 0xd800 || number > 0xdfff);
  if (isPoint) return Buffer.from(String.fromCodePoint(number));
  throw syntaxFault(source, position, `unknown escape ${part} in a string`);
}
