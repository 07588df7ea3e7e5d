import { Canaries } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import { nearestName } from '../api/validation/spelling.js';
import { type Declared, findDeclared } from '../testing/declared.js';

/** As findDeclared, for a command line, where `--canary` says which one is meant. */
export function findRelease(objects: readonly KubeObject[], asked: string | undefined): Declared {
  const names = objects
    .filter(({ kind }) => kind === Canaries.kind)
    .map(({ metadata }) => metadata.name ?? '');
  const [first] = names;
  if (asked === undefined && names.length > 1) {
    throw new PerchError({
      code: 'TESTING_CANARY_AMBIGUOUS',
      message: `expected one Canary or the name of one, got ${names.join(', ')}`,
      remedy: `say which, e.g. --canary ${first}`,
    });
  }
  if (asked !== undefined && first !== undefined && !names.includes(asked)) {
    throw new PerchError({
      code: 'CLI_FLAG_VALUE',
      message: `expected the name of a Canary that is declared, got '${asked}'; there are: ${names.join(', ')}`,
      remedy: `say which, e.g. --canary ${nearestName(asked, names) ?? first}`,
      path: '--canary',
    });
  }
  return findDeclared(objects, asked);
}
