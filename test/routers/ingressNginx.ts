import type { Ingress } from '../../lib/api/workloads.js';
import type { Request } from '../conformance/routers.js';

/**
 * Percent of the requests that ingress-nginx sends along a canary Ingress, by the precedence that its documentation
 * gives: header, then cookie, then weight.
 */
export function shareOf(ingress: Ingress | undefined, prefix: string, { headers }: Request): number {
  const annotations = ingress?.metadata.annotations ?? {};
  const canary = (name: string): string | undefined => annotations[`${prefix}/canary${name}`];
  if (canary('') !== 'true') return 0;
  const header = headers[canary('-by-header')?.toLowerCase() ?? ''];
  const value = canary('-by-header-value');
  const pattern = canary('-by-header-pattern');
  if (header !== undefined) {
    if (value !== undefined) {
      if (header === value) return 100;
    } else if (pattern !== undefined) {
      if (new RegExp(pattern).test(header)) return 100;
    } else if (header === 'always') return 100;
    else if (header === 'never') return 0;
  }
  const cookie = cookiesOf(headers.cookie)[canary('-by-cookie') ?? ''];
  if (cookie === 'always') return 100;
  if (cookie === 'never') return 0;
  return Number(canary('-weight') ?? 0);
}

function cookiesOf(header = ''): Record<string, string> {
  return Object.fromEntries(
    header.split('; ').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split('=');
      return [name, value];
    }),
  );
}
