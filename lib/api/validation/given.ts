import { isRecord } from '../schema/json.js';

const longest = 60;

/** Fields that may hold an address with a token in it, or a header with a password: their values are never shown. */
const confidential = /(^|\.)(address|proxy|headers|metadata|url)(\.|\[|$)/;

/** A value for an error message. */
export function describeGiven(value: unknown, path: string): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string' && confidential.test(path)) return `a string of ${value.length} characters`;
  if (isRecord(value)) {
    const names = Object.keys(value);
    return names.length === 0 ? 'an empty object' : `an object with ${names.join(', ')}`;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
