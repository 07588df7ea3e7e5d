import { nearestName } from './spelling.js';

/** What is wrong with options of which one is none of `names`, and what was probably meant. */
export function unknownOption(
  given: object,
  names: readonly string[],
): { readonly message: string; readonly remedy: string } | undefined {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return undefined;
  const meant = nearestName(unknown, names);
  return {
    message: `expected one of ${names.join(', ')}, got ${unknown}`,
    remedy: meant ? `write ${meant}` : `leave out ${unknown}`,
  };
}
