import { readDuration } from '../duration.js';
import { describeGiven } from './given.js';
import { type Finding, mistake } from './problem.js';

/** A percentage outside its range. */
export function percentage(path: string, value: number | undefined, least = 0): Finding[] {
  if (value === undefined || (value >= least && value <= 100)) return [];
  return [
    mistake(
      path,
      `expected a percentage from ${least} to 100, got ${value}`,
      `Choose a value from ${least} to 100.`,
    ),
  ];
}

/** A count below what makes sense. */
export function atLeast(path: string, value: number | undefined, least: number): Finding[] {
  if (value === undefined || value >= least) return [];
  return [mistake(path, `expected at least ${least}, got ${value}`, `Choose ${least} or more.`)];
}

/** A duration that Go cannot read; the CRD looks only at how it begins. */
export function duration(path: string, text: string | undefined, consequence: string): Finding[] {
  if (text === undefined || readDuration(text) !== undefined) return [];
  return [
    mistake(
      path,
      `expected a duration such as 30s or 1m30s, got ${JSON.stringify(text)}, and so ${consequence}`,
      'Write numbers with the units s, m and h, without spaces.',
    ),
  ];
}

/** An address that is none, or not of HTTP. */
export function httpAddress(path: string, text: string | undefined): Finding[] {
  if (text === undefined) return [];
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return [];
  return [
    mistake(
      path,
      `expected an address that begins with http:// or https://, got ${describeGiven(text, path)}`,
      'Write the whole address, such as http://prometheus.monitoring:9090.',
    ),
  ];
}

/** Smallest above largest. */
export function ordered(
  path: string,
  range: { min?: number; max?: number } | undefined,
  names: { min: string; max: string } = { min: 'min', max: 'max' },
): Finding[] {
  const { min, max } = range ?? {};
  if (min === undefined || max === undefined || min <= max) return [];
  return [
    mistake(
      path,
      `expected ${names.min} not above ${names.max}, got ${names.min} ${min} and ${names.max} ${max}`,
      `Swap them, or remove one: no value is at least ${min} and at most ${max}.`,
    ),
  ];
}
