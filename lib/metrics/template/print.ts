import { formatFloat } from './float.js';
import type { Value } from './value.js';

/** A value as Go's `%v` shows it. */
export function formatValue(value: Value): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return formatFloat(value, 'g', -1);
  if (typeof value !== 'object') return String(value);
  const keys = [...value.keys()].sort();
  return `map[${keys.map((key) => `${key}:${value.get(key)}`).join(' ')}]`;
}

/** Go's Sprint: a blank between two operands of which neither is a string. */
export function printPlain(args: readonly Value[]): string {
  return args
    .map((value, index) => {
      const spaced = index > 0 && typeof value !== 'string' && typeof args[index - 1] !== 'string';
      return (spaced ? ' ' : '') + formatValue(value);
    })
    .join('');
}

/** Go's Sprintln: a blank between all operands, and a line's end. */
export function printLine(args: readonly Value[]): string {
  return `${args.map(formatValue).join(' ')}\n`;
}
