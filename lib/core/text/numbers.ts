import { formatDuration } from '../../api/duration.js';

/** A measured value with two decimals, as Go's `%.2f`. */
export function measured(value: number): string {
  return Number.isFinite(value) ? value.toFixed(2) : notFinite(value);
}

/** A bound as Go's `%v`: the shortest text that is the same number, with an exponent below 1e-4 and from 1e21. */
export function bound(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e21)) return String(value);
  const [digits = '', exponent = '+0'] = value.toExponential().split('e');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
}

/** Milliseconds as a Go duration. */
export function duration(ms: number): string {
  return Number.isFinite(ms) ? formatDuration(ms) : notFinite(ms);
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}
