import { ApiError } from '../../lib/ports/cluster.js';
import { eventually } from '../soak/controlPlane.js';

/** Pods, controllers and etcd share a machine that others may keep busy. */
const PATIENCE_MS = 240_000;

/** Looks until `left` finds nothing; rejects with what it found last. A connection that is lost is another look. */
export async function untilNoneLeft(what: string, left: () => Promise<readonly string[]>): Promise<void> {
  let found: readonly string[] = [];
  const look = async () => {
    try {
      found = await left();
      return found.length === 0;
    } catch (error) {
      if (error instanceof ApiError && error.isAway) return false;
      throw error;
    }
  };
  await eventually(PATIENCE_MS, what, look).catch((error: Error) => {
    throw new Error(`${error.message}; left: ${found.join(', ') || 'nothing known'}`, { cause: error });
  });
}
