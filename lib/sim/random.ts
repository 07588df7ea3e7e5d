import type { Random } from '../ports/random.js';

/** Spreads a seed of any length over 32 bits (FNV-1a), mixed once more a word. */
function* words(seed: string): Generator<number, never> {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index++)
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  for (;;) {
    hash = (hash + 0x9e3779b9) | 0;
    let word = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    yield word ^ (word >>> 15);
  }
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The generator sfc32: the same seed gives the same numbers on every machine. */
export class SeededRandom implements Random {
  private readonly state: Int32Array;

  constructor(private readonly seed: number | string) {
    const source = words(String(seed));
    this.state = Int32Array.from([source.next().value, source.next().value, source.next().value, 1]);
    for (let round = 0; round < 12; round++) this.next();
  }

  /** A generator of its own for `purpose`: what one part of the world draws does not change what another gets. */
  fork(purpose: string): SeededRandom {
    return new SeededRandom(`${this.seed}/${purpose}`);
  }

  next(): number {
    const s = this.state;
    const sum = (s[0]! + s[1]! + s[3]!) | 0;
    s[3] = s[3]! + 1;
    s[0] = s[1]! ^ (s[1]! >>> 9);
    s[1] = s[2]! + (s[2]! << 3);
    s[2] = ((s[2]! << 21) | (s[2]! >>> 11)) + sum;
    return (sum >>> 0) / 0x1_0000_0000;
  }

  uuid(): string {
    let text = '';
    for (let at = 0; at < 16; at++) {
      const byte = Math.floor(this.next() * 256);
      if (at === 4 || at === 6 || at === 8 || at === 10) text += '-';
      text += hex[at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte];
    }
    return text;
  }
}
