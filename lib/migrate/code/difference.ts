import { isRecord } from '../../api/schema/json.js';

/** One line of a JSON Patch. */
export interface PatchLine {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

/** What makes `wanted` of `found`; lists of another length are replaced as a whole. */
export function difference(found: unknown, wanted: unknown, path = ''): PatchLine[] {
  if (isRecord(found) && isRecord(wanted)) return fieldDifferences(found, wanted, path);
  if (Array.isArray(found) && Array.isArray(wanted) && found.length === wanted.length) {
    return wanted.flatMap((item, index) => difference(found[index], item, `${path}/${index}`));
  }
  return found === wanted || JSON.stringify(found) === JSON.stringify(wanted)
    ? []
    : [{ op: 'replace', path, value: wanted }];
}

function fieldDifferences(
  found: Record<string, unknown>,
  wanted: Record<string, unknown>,
  path: string,
): PatchLine[] {
  const fields = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  return [...fields].flatMap((field): PatchLine[] => {
    const place = `${path}/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [before, after] = [found[field], wanted[field]];
    if (after === undefined) return before === undefined ? [] : [{ op: 'remove', path: place }];
    if (before === undefined) return [{ op: 'add', path: place, value: after }];
    return difference(before, after, place);
  });
}
