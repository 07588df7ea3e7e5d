import { join } from 'node:path';
import { type Ending, endingOf } from '../command.ts';
import type { Ground } from '../ground.ts';
import { place } from './place.ts';

/** What differs from one deployment of the shop to the next; main.ts reads it. */
export interface ShopState {
  readonly tag: string;
  readonly is?: readonly ('noted' | 'slow' | 'broken' | 'defining')[];
}

/** The command line of this checkout, on the cluster under test. */
export type Perch = (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ending>;

export function createPerch({ root, cluster, image }: Ground): Perch {
  return (args, env = {}) =>
    endingOf(process.execPath, [join(root, 'dist/perch.js'), ...args], {
      cwd: root,
      env: { ...cluster.env, ...cluster.images, PERCH_IMAGE: image, NO_COLOR: '1', ...env },
    });
}

/** `perch <verb>` of the shop as it is to be. */
export function createShop(perch: Perch) {
  return (verb: 'deploy' | 'diff', { tag, is = [] }: ShopState, ...flags: string[]): Promise<Ending> =>
    perch(
      [
        verb,
        'test/e2e/deploy/main.ts',
        '--name',
        'shop',
        '-n',
        place.system,
        '--timeout',
        '5m',
        ...flags,
      ].filter(fits(verb)),
      {
        SHOP_TAG: tag,
        SHOP_IS: is.join(','),
      },
    );
}

/** `perch diff` waits for nothing. */
function fits(verb: 'deploy' | 'diff'): (word: string) => boolean {
  return (word) => verb === 'deploy' || !['--timeout', '5m'].includes(word);
}

/** Throws unless it ended so, and said all of this. */
export function expectEnding(ending: Ending, status: number, ...said: readonly (string | RegExp)[]): void {
  const text = `${ending.stdout}\n${ending.stderr}`;
  const missing = said.filter((each) => (typeof each === 'string' ? !text.includes(each) : !each.test(text)));
  if (ending.status === status && missing.length === 0) return;
  throw new Error(`expected status ${status} and ${missing.join(', ')}; got ${ending.status} and\n${text}`);
}
