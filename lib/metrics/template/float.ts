/*
 * Numbers in Go's notation. JavaScript's toFixed and toExponential round halves up; Go rounds the exact value, halves
 * to even, so the digits are worked out here.
 */

/** A positive decimal number, 0.d₁d₂d₃… × 10^point. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** `verb` is one of e, f, g; a negative precision asks for the fewest digits that give the number back. */
export function formatFloat(value: number, verb: 'e' | 'f' | 'g', precision: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  const decimal = precision < 0 ? shortest(size) : exact(size);
  return sign + layouts[verb](decimal, precision);
}

const layouts = { e: exponential, f: fixed, g: general };

function fixed(decimal: Decimal, precision: number): string {
  const places = precision < 0 ? Math.max(decimal.digits.length - decimal.point, 0) : precision;
  const { digits, point } = round(decimal, decimal.point + places);
  const all = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const whole = point <= 0 ? '0' : all.slice(0, point);
  const fraction = all.slice(whole.length).padEnd(places, '0');
  return places > 0 ? `${whole}.${fraction.slice(0, places)}` : whole;
}

function exponential(decimal: Decimal, precision: number): string {
  const places = precision < 0 ? decimal.digits.length - 1 : precision;
  const { digits, point } = round(decimal, places + 1);
  const mantissa = digits.padEnd(places + 1, '0');
  const exponent = /^0*$/.test(digits) ? 0 : point - 1;
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return `${mantissa[0]}${places > 0 ? `.${mantissa.slice(1)}` : ''}e${power}`;
}

function general(decimal: Decimal, precision: number): string {
  const wanted = precision === 0 ? 1 : precision;
  const rounded = trimZeros(wanted < 0 ? decimal : round(decimal, wanted));
  const exponent = rounded.digits === '0' ? 0 : rounded.point - 1;
  const count = rounded.digits.length;
  const most = wanted < 0 ? 6 : wanted > count && count >= rounded.point ? count : wanted;
  return exponent < -4 || exponent >= most ? exponential(rounded, -1) : fixed(rounded, -1);
}

/** The first `count` digits, halves to even. */
function round({ digits, point }: Decimal, count: number): Decimal {
  if (count >= digits.length) return { digits, point };
  if (count < 0) return { digits: '0', point: 1 };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const odd = Number(kept.at(-1) ?? '0') % 2 === 1;
  const up = rest[0]! > '5' || (rest[0] === '5' && (/[1-9]/.test(rest.slice(1)) || odd));
  if (!up) return kept === '' ? { digits: '0', point: 1 } : { digits: kept, point };
  const raised = String(BigInt(kept || '0') + 1n).padStart(kept.length, '0');
  return { digits: raised, point: point + raised.length - kept.length };
}

function shortest(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}

/** Every digit of the double, which is a fraction over a power of two and so has finitely many. */
function exact(value: number): Decimal {
  if (value === 0) return { digits: '0', point: 1 };
  let scale = 0;
  let whole = value;
  while (!Number.isInteger(whole)) {
    whole *= 2;
    scale += 1;
  }
  const digits = String(BigInt(whole) * 5n ** BigInt(scale));
  return trimZeros({ digits, point: digits.length - scale });
}

function trimZeros({ digits, point }: Decimal): Decimal {
  return { digits: digits.replace(/0+$/, '') || '0', point };
}
