import { randomUUID } from 'node:crypto';
import type { Random } from '../ports/random.js';

/** The machine's own chance: good for jitter and for identities. */
export const realRandom: Random = {
  next: () => Math.random(),
  uuid: () => randomUUID(),
};
