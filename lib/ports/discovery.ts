import type { Kind } from '../api/kinds.js';

/** Which kinds an API server serves. */
export interface Discovery {
  /**
   * The kinds of an API group ('' for the core group) in one version. When none is named, each kind in the server's
   * preferred version, or, where that lacks it, in another that has it. Empty when the server does not know the group
   * or the version. Failures reject with an ApiError.
   */
  kinds(group: string, version?: string): Promise<readonly Kind[]>;
}
