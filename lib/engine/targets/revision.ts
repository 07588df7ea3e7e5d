import { createHash } from 'node:crypto';
import { revisionPrefix } from '../../api/revision.js';
import type { PodTemplate, Service } from '../../api/workloads.js';
import { podTemplate, type Shape, serviceSpec } from './templateShape.js';

const HEX_DIGITS = 16;

/**
 * Names a pod template by what it says: `p1:` and 16 hex digits of the sha256 of its canonical JSON. What the API
 * server fills in by default is left out, so that neither an upgrade of Kubernetes nor writing a default down by
 * hand is a new revision; everything else that differs is one.
 */
export function revisionOf(template: PodTemplate): string {
  return remembered(template, podTemplate);
}

/** As revisionOf, for a Service's spec; without the addresses that the API server gives to each Service alone. */
export function serviceRevisionOf(spec: Service['spec']): string {
  return remembered(spec, serviceSpec);
}

function remembered(value: object, shape: Shape): string {
  const known = revisions.get(value) ?? calculate(value, shape);
  revisions.set(value, known);
  return known;
}

/** Caches keep one object for as long as nobody writes it, and every pass asks for its revision. */
const revisions = new WeakMap<object, string>();

function calculate(value: object, shape: Shape): string {
  const text = JSON.stringify(canonical(value, shape) ?? {});
  return revisionPrefix + createHash('sha256').update(text).digest('hex').slice(0, HEX_DIGITS);
}

/** Keys sorted; without nulls, defaults, and objects and lists that say nothing. Undefined when nothing is left. */
function canonical(value: unknown, shape: Shape): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value))
    return value.length > 0 ? value.map((item) => canonical(item, shape) ?? {}) : undefined;
  if (typeof value !== 'object') return value;
  const fields = shape.rename ? shape.rename({ ...value }) : (value as Record<string, unknown>);
  const kept = Object.keys(fields)
    .sort()
    .map((key) => [key, canonicalField(fields, key, shape)] as const)
    .filter(([, field]) => field !== undefined);
  return kept.length > 0 || shape.meansSomethingEmpty ? Object.fromEntries(kept) : undefined;
}

function canonicalField(fields: Record<string, unknown>, key: string, shape: Shape): unknown {
  const value = canonical(fields[key], shape.fields?.[key] ?? shape.otherwise ?? {});
  const fallback = shape.defaults?.[key];
  const given = typeof fallback === 'function' ? fallback(fields) : fallback;
  return value === given ? undefined : value;
}
