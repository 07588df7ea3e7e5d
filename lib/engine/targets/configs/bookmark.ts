import type { Checksums } from './tracker.js';

/** Checksums as the value of an annotation: `configmap/a=0123456789abcdef,secret/b=…`, sorted. */
export function writeChecksums(checksums: Checksums): string {
  return Object.entries(checksums)
    .map(([name, checksum]) => `${name}=${checksum}`)
    .sort()
    .join(',');
}

/** What somebody else wrote there counts for no config that there is. */
export function readChecksums(text: string): Record<string, string> {
  const entries = text.split(',').map((entry) => entry.split('='));
  return Object.fromEntries(
    entries.flatMap(([name, checksum]) => (name && checksum ? [[name, checksum]] : [])),
  );
}
