import { nearestName } from './spelling.js';

/** What is wrong with options of which one is none of `names`: first of one that is nearly such a name. */
export function unknownOption(
  given: object,
  names: readonly string[],
): { readonly message: string; readonly remedy: string; readonly isMisspelt: boolean } | undefined {
  const others = Object.keys(given).filter((name) => !names.includes(name));
  const unknown = others.find((name) => nearestName(name, names)) ?? others[0];
  if (unknown === undefined) return undefined;
  const meant = nearestName(unknown, names);
  return {
    message: `expected one of ${names.join(', ')}, got ${unknown}`,
    remedy: meant ? `write ${meant}` : `leave out ${unknown}`,
    isMisspelt: meant !== undefined,
  };
}
