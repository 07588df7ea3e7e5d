import { Canaries, type Canary } from '../../api/canary.js';
import type { Objects } from '../../ports/objects.js';

/**
 * Has somebody else made an end of what was decided about a Canary, while that waited: deleted it, or taken it to another
 * phase? A controller that still believes it leads would undo that.
 */
export function isOvertaken(objects: Objects, { metadata, status }: Canary): boolean {
  const { namespace = '', name = '', uid, deletionTimestamp } = metadata;
  const live = objects.read(Canaries, { namespace, name });
  return (
    live?.metadata.uid !== uid ||
    live?.metadata.deletionTimestamp !== deletionTimestamp ||
    live?.status?.phase !== status?.phase
  );
}
