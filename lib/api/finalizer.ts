import type { Canary } from './canary.js';

/** Flagger's: holds a deleted Canary until what was there before it serves again. */
export const revertFinalizer = 'finalizer.flagger.app';

export function holdsFinalizer({ metadata }: Canary): boolean {
  return metadata.finalizers?.includes(revertFinalizer) ?? false;
}
