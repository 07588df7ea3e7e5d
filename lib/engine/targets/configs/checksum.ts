import { createHash } from 'node:crypto';
import type { ConfigMap, Secret } from '../../../api/workloads.js';

const HEX_DIGITS = 16;

type Data = Readonly<Record<string, string>>;

/**
 * Names what a ConfigMap or Secret says, digit for digit as Flagger does: the first 16 hex digits of the sha256 of its
 * `data` as Go writes JSON. Flagger overlooks `binaryData`; here it counts, where there is any.
 */
export function configChecksum(config: ConfigMap | Secret): string {
  const { data, binaryData } = config as ConfigMap;
  const said = binaryData && Object.keys(binaryData).length > 0 ? { binaryData: sorted(binaryData) } : {};
  const text = 'binaryData' in said ? { ...said, data: sorted(data) } : sorted(data);
  return createHash('sha256').update(goJson(text)).digest('hex').slice(0, HEX_DIGITS);
}

function sorted(data: Data | undefined): Data | null {
  if (!data) return null;
  return Object.fromEntries(Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Go escapes what HTML or JavaScript might stumble over. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
