import { Canaries } from '../../api/canary.js';
import { revertFinalizer } from '../../api/finalizer.js';
import { isConflict } from '../cache/objects.js';
import type { Performer } from './performers.js';

/** Sets or takes off the finalizer, under the Canary's version: others may keep finalizers of their own on it. */
export const performHoldFinalizer: Performer<'holdFinalizer'> = async ({ objects }, subject, { held }) => {
  const { namespace = '', name = '', resourceVersion, finalizers = [] } = subject.canary.metadata;
  const others = finalizers.filter((finalizer) => finalizer !== revertFinalizer);
  const metadata = { resourceVersion, finalizers: held ? [...others, revertFinalizer] : others };
  try {
    subject.canary = await objects.patch(Canaries, { namespace, name }, 'merge', { metadata });
    return 'changed';
  } catch (error) {
    if (!isConflict(error)) throw error;
    await objects.fetch(Canaries, { namespace, name });
    return 'stale';
  }
};
