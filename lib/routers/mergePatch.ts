import { isRecord } from '../api/schema/json.js';

/**
 * The JSON merge patch (RFC 7396) that makes `wanted` of `current`, or undefined when they already are the same.
 * Lists are replaced whole, as the standard has it; the order of an object's fields does not matter.
 */
export function mergePatch(current: unknown, wanted: unknown): unknown {
  if (!isRecord(current) || !isRecord(wanted)) return sameJson(current, wanted) ? undefined : wanted;
  const patch: Record<string, unknown> = {};
  for (const field of Object.keys(current)) {
    if (wanted[field] === undefined && current[field] !== undefined) patch[field] = null;
  }
  for (const [field, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    const change = mergePatch(current[field], value);
    if (change !== undefined) patch[field] = change;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function sameJson(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameJson(item, right[index]));
  }
  if (isRecord(left) && isRecord(right)) return mergePatch(left, right) === undefined;
  return left === right;
}
