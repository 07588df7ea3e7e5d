const short: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
};

const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Zs}]/u;

/** Text as a Go string literal; `ascii` escapes every other character too. */
export function quoteString(text: string, ascii = false): string {
  return `"${escapeAll(text, '"', ascii)}"`;
}

/** A code point as a Go character literal. */
export function quoteCharacter(point: bigint, ascii = false): string {
  return `'${escapeAll(characterOf(point), "'", ascii)}'`;
}

/** The character of a code point; U+FFFD for what is none. */
export function characterOf(point: bigint): string {
  const valid = point >= 0n && point <= 0x10ffffn && (point < 0xd800n || point > 0xdfffn);
  return valid ? String.fromCodePoint(Number(point)) : '\uFFFD';
}

function escapeAll(text: string, quote: string, ascii: boolean): string {
  return [...text].map((character) => escapeOne(character, quote, ascii)).join('');
}

function escapeOne(character: string, quote: string, ascii: boolean): string {
  if (character === quote) return `\\${quote}`;
  const known = short[character];
  if (known) return known;
  const point = character.codePointAt(0) ?? 0;
  if (character === ' ' || (point > 0x20 && point < 0x7f)) return character;
  if (point > 0x7f && !ascii && !unprintable.test(character)) return character;
  if (point < 0x80) return `\\x${point.toString(16).padStart(2, '0')}`;
  return point > 0xffff
    ? `\\U${point.toString(16).padStart(8, '0')}`
    : `\\u${point.toString(16).padStart(4, '0')}`;
}
