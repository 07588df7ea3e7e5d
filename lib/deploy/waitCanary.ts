import type { Canary } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import { revisionPrefix } from '../api/revision.js';
import type { Cluster, ObjectKey } from '../ports/cluster.js';
import { findCanary } from './canaryLookup.js';
import { judge, stateOf } from './outcome.js';
import { type Look, type Patience, waitUntil } from './patience.js';
import type { Report } from './progress.js';
import { type Naming, readReleased } from './released.js';
import { type Outcome, outcomeOf } from './rollback.js';

export interface WaitPorts extends Naming {
  readonly cluster: Cluster;
  readonly report: Report;
}

/**
 * Waits for what becomes of a revision: one that is named, by its hash or by an image of it, or what the target's
 * template is now. Throws CLI_FLAG_VALUE for an image where the target is a Service, which runs none.
 */
export async function waitForCanary(
  key: ObjectKey,
  asked: string | undefined,
  patience: Patience,
  ports: WaitPorts,
): Promise<Outcome> {
  const title = `Canary ${key.namespace}/${key.name}`;
  const since = patience.clock.now();
  let said = '';
  return waitUntil(patience, title, async (): Promise<Look<Outcome>> => {
    const canary = await findCanary(ports.cluster, key);
    const state = stateOf(canary);
    if (canary.spec.suspend)
      return { done: { verdict: 'suspended', canary, revision: undefined, reasons: [] } };
    const sought = await seek(canary, asked, ports);
    if ('state' in sought) return sought;
    const verdict = judge(canary, sought.revision);
    if (verdict === 'pending') {
      if (state !== said) ports.report({ what: 'waiting', subject: title, state });
      said = state;
      return { state };
    }
    return { done: await outcomeOf(verdict, canary, sought.revision, { cluster: ports.cluster, since }) };
  });
}

/** The revision to judge by, undefined for whatever there is; or why there is none to wait for yet. */
async function seek(
  canary: Canary,
  asked: string | undefined,
  ports: WaitPorts,
): Promise<{ readonly revision: string | undefined } | { readonly state: string }> {
  if (asked?.startsWith(revisionPrefix)) return { revision: asked };
  const released = await readReleased(canary, ports.cluster, ports);
  if (!released) return { revision: undefined };
  const { revision, images } = released;
  if (asked !== undefined && images.length === 0) throw imageless(asked, revision);
  if (asked !== undefined && !images.some((image) => image === asked || image?.endsWith(`:${asked}`)))
    return { state: `its target does not run ${asked}` };
  return revision === undefined ? { state: 'Knative has made no revision of its target yet' } : { revision };
}

function imageless(asked: string, revision = `${revisionPrefix}…`): PerchError {
  return new PerchError({
    code: 'CLI_FLAG_VALUE',
    message: `expected the hash of a revision, such as ${revision}, got ${asked}: its target is a Service, which runs no image`,
    remedy: 'name the hash, or leave --revision out to wait for what the Service is now',
    path: '--revision',
  });
}
