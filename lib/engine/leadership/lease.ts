import { PerchError } from '../../api/errors.js';
import { apiVersion } from '../../api/kinds.js';
import { type Lease, Leases } from '../../api/workloads.js';
import { type Clock, sleep } from '../../ports/clock.js';
import { ApiError, type Cluster, type ObjectKey, unlessMissing } from '../../ports/cluster.js';
import type { Log } from '../../ports/log.js';
import { errorText } from '../errorText.js';

export interface LeadershipOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the Lease lives. */
  readonly namespace: string;
  /** Who we are; `<hostname>_<uuid>` by custom. */
  readonly identity: string;
}

interface Terms {
  /** We lead, from now on. */
  readonly onStarted: () => void;
  /** We do not lead any more: nothing may be written after this returns. */
  readonly onStopped: () => void;
}

export interface Leadership {
  /** Stands for election until stopped; resolves once leadership was lost or given up. */
  run(terms: Terms): Promise<void>;
  /** Gives leadership up, so that another need not wait for it to run out. */
  stop(): Promise<void>;
}

const NAME = 'flagger-leader-election';
const LEASE_SECONDS = 60;
/** A leader that could not renew for so long has lost. */
const RENEW_MS = 15_000;
const RETRY_MS = 5_000;

/** Leader election over a Lease, by Flagger's name and times, so that the two never act side by side. */
export function createLeadership(options: LeadershipOptions): Leadership {
  const { clock, log } = options;
  const claim = createClaim(options);
  const abort = new AbortController();
  let running: Promise<void> | undefined;

  const attempt = async (): Promise<boolean> => {
    try {
      return await claim.hold();
    } catch (error) {
      log.log('warn', `leader election: ${errorText(error)}`, { lease: NAME });
      return false;
    }
  };
  const campaign = async (): Promise<boolean> => {
    while (!abort.signal.aborted) {
      if (await attempt()) return true;
      await sleep(clock, RETRY_MS, abort.signal);
    }
    return false;
  };
  const lead = async (): Promise<void> => {
    let renewedAt = clock.now();
    while (!abort.signal.aborted && clock.now() - renewedAt < RENEW_MS) {
      await sleep(clock, RETRY_MS, abort.signal);
      if (!abort.signal.aborted && (await attempt())) renewedAt = clock.now();
    }
  };
  const stand = async (terms: Terms): Promise<void> => {
    if (!(await campaign())) return;
    log.log('info', 'became leader', { identity: options.identity });
    terms.onStarted();
    try {
      await lead();
    } finally {
      terms.onStopped();
      log.log('info', 'leadership ended', { identity: options.identity });
    }
  };
  return {
    run(terms) {
      running ??= stand(terms);
      return running;
    },
    async stop() {
      abort.abort();
      await running;
      await claim.release();
    },
  };
}

interface Claim {
  /** Takes or renews the Lease; false while another holds it. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

function createClaim({ cluster, clock, namespace, identity }: LeadershipOptions): Claim {
  const key = { namespace, name: NAME };
  /** The record as last seen and when: clocks of two machines are never compared. */
  let seen: { readonly record: string; readonly at: number } | undefined;
  let held: Lease | undefined;

  const observe = (lease: Lease): number => {
    const record = JSON.stringify(lease.spec);
    if (seen?.record !== record) seen = { record, at: clock.now() };
    return seen.at;
  };
  const isFree = (lease: Lease): boolean => {
    const { holderIdentity, leaseDurationSeconds = LEASE_SECONDS } = lease.spec;
    const since = observe(lease);
    return (
      !holderIdentity || holderIdentity === identity || since + leaseDurationSeconds * 1000 <= clock.now()
    );
  };
  const find = () => unlessMissing(cluster.get(Leases, key));
  const write = async (previous: Lease | undefined): Promise<boolean> => {
    try {
      const lease = leaseOf(key, identity, previous, clock.now());
      held = previous ? await cluster.update(Leases, lease) : await cluster.create(Leases, lease);
      observe(held);
      return true;
    } catch (error) {
      held = undefined;
      // somebody else was faster
      if (error instanceof ApiError && error.status === 409) return false;
      throw error;
    }
  };
  return {
    async hold() {
      if (held && (await write(held))) return true;
      const current = await find();
      if (current && !isFree(current)) return false;
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
            message: `the Lease ${NAME} could not be given up: ${errorText(cause)}`,
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
  const renewal = previous?.spec.holderIdentity === identity;
  const transitions = previous?.spec.leaseTransitions ?? 0;
  return {
    apiVersion: apiVersion(Leases),
    kind: Leases.kind,
    metadata: previous?.metadata ?? { ...key },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_SECONDS,
      acquireTime: (renewal && previous.spec.acquireTime) || time,
      renewTime: time,
      leaseTransitions: previous && !renewal ? transitions + 1 : transitions,
    },
  };
}

/** RFC 3339 with microseconds, as Leases have it. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
