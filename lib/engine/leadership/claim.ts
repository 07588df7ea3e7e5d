import { PerchError } from '../../api/errors.js';
import { apiVersion } from '../../api/kinds.js';
import { type Lease, Leases } from '../../api/workloads.js';
import type { Clock } from '../../ports/clock.js';
import { ApiError, type Cluster, type ObjectKey, unlessMissing } from '../../ports/cluster.js';
import { errorText } from '../errorText.js';

export interface ClaimOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Where the Lease lives. */
  readonly namespace: string;
  /** Who we are; `<hostname>_<uuid>` by custom. */
  readonly identity: string;
}

export const LEASE_NAME = 'flagger-leader-election';
export const RETRY_MS = 5_000;
const LEASE_SECONDS = 60;

/** `unknown`: perhaps another was faster, or the API server did not say. */
export type Outcome = 'held' | 'taken' | 'unknown';

export interface Claim {
  /** Takes or renews the Lease, unless another holds it. To be called no sooner than RETRY_MS after the last answer. */
  hold(): Promise<Outcome>;
  release(): Promise<void>;
}

/** A claim to the Lease of the leader. */
export function createClaim({ cluster, clock, namespace, identity }: ClaimOptions): Claim {
  const key = { namespace, name: LEASE_NAME };
  let tries = 0;
  /** Another's record, and at which try it was first seen: neither its clock nor ours says how long ago that is. */
  let seen = { record: '', atTry: 0 };
  let held: Lease | undefined;

  const isFree = ({ spec = {} }: Lease): boolean => {
    const { holderIdentity, leaseDurationSeconds = LEASE_SECONDS } = spec;
    if (!holderIdentity || holderIdentity === identity) return true;
    const record = JSON.stringify(spec);
    if (seen.record !== record) seen = { record, atTry: tries };
    return (tries - seen.atTry) * RETRY_MS >= leaseDurationSeconds * 1000;
  };
  const find = () => unlessMissing(cluster.get(Leases, key));
  const write = async (previous: Lease | undefined): Promise<Outcome> => {
    try {
      const lease = leaseOf(key, identity, previous, clock.now());
      held = previous ? await cluster.update(Leases, lease) : await cluster.create(Leases, lease);
      return 'held';
    } catch (error) {
      held = undefined;
      if (error instanceof ApiError && error.status === 409) return 'unknown';
      throw error;
    }
  };
  return {
    async hold() {
      tries++;
      if (held && (await write(held)) === 'held') return 'held';
      const current = await find();
      if (current && !isFree(current)) return 'taken';
      return write(current);
    },
    async release() {
      if (!held) return;
      const { metadata, spec } = held;
      held = undefined;
      const released = {
        ...spec,
        holderIdentity: '',
        leaseDurationSeconds: 1,
        renewTime: microTime(clock.now()),
      };
      await cluster
        .update(Leases, { apiVersion: apiVersion(Leases), kind: Leases.kind, metadata, spec: released })
        .catch((cause: unknown) => {
          throw new PerchError({
            code: 'ENGINE_LEASE_RELEASE',
            message: `the Lease ${LEASE_NAME} could not be given up: ${errorText(cause)}`,
            remedy: `none: another controller takes it after ${LEASE_SECONDS} s`,
            cause,
          });
        });
    },
  };
}

/** The Lease with us as its holder. */
function leaseOf(key: ObjectKey, identity: string, previous: Lease | undefined, now: number): Lease {
  const time = microTime(now);
  const renewal = previous?.spec?.holderIdentity === identity;
  const transitions = previous?.spec?.leaseTransitions ?? 0;
  return {
    apiVersion: apiVersion(Leases),
    kind: Leases.kind,
    metadata: previous?.metadata ?? { ...key },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_SECONDS,
      acquireTime: (renewal && previous.spec?.acquireTime) || time,
      renewTime: time,
      leaseTransitions: previous && !renewal ? transitions + 1 : transitions,
    },
  };
}

/** RFC 3339 with microseconds, as Leases have it. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
