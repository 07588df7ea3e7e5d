import type { CanaryStatus } from '../../api/canary.js';

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * The `checksum` of a hook's payload: what Flagger 1.44 computes of the revision and configs under test, so that a
 * receiver may compare what both send. (FNV-1a, 32 bits, of a Go value's dump, in Kubernetes' safe alphabet.)
 */
export function runChecksum(status: CanaryStatus | undefined): string {
  const configs = status?.trackedConfigs;
  const dump = configs
    ? `map[${Object.keys(configs)
        .sort()
        .map((name) => `${name}:${configs[name]}`)
        .join(' ')}]`
    : '<nil>';
  return safeEncode(
    String(
      fnv1a(
        '(struct { TrackedConfigs *map[string]string; LastAppliedSpec string })' +
          `{TrackedConfigs:(*map[string]string)${dump} LastAppliedSpec:(string)${status?.lastAppliedSpec ?? ''}}`,
      ),
    ),
  );
}

export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Without vowels and look-alikes, as Kubernetes does for names. */
export function safeEncode(text: string): string {
  return [...Buffer.from(text)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
