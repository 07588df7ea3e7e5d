import { Leases } from '../../../lib/api/workloads.js';
import { createLeadership } from '../../../lib/engine/leadership/lease.js';
import { ApiError } from '../../../lib/ports/cluster.js';
import { MemoryCluster } from '../memoryCluster.js';
import { VirtualClock } from '../virtualClock.js';

function candidate(identity: string, cluster: MemoryCluster, clock: VirtualClock) {
  const leadership = createLeadership({
    cluster,
    clock,
    log: { log: () => undefined },
    namespace: 'flagger',
    identity,
  });
  const state = { leads: false };
  const run = leadership.run({
    onStarted: () => {
      state.leads = true;
    },
    onStopped: () => {
      state.leads = false;
    },
  });
  return { state, run, stop: leadership.stop };
}

const lease = (cluster: MemoryCluster) =>
  cluster.find(Leases, { namespace: 'flagger', name: 'flagger-leader-election' })?.spec;

describe('leader election', () => {
  it('has one leader, who holds the Lease by the names and times of Flagger', async () => {
    const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
    const a = candidate('a', cluster, clock);
    const b = candidate('b', cluster, clock);
    await clock.advance(300_000);
    expect([a.state.leads, b.state.leads]).toEqual([true, false]);
    expect(lease(cluster)).toMatchObject({
      holderIdentity: 'a',
      leaseDurationSeconds: 60,
      leaseTransitions: 0,
    });
    expect(lease(cluster)?.renewTime).toMatch(/^2026-01-01T00:0\d:\d\d\.\d{6}Z$/);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('passes leadership on at once when the leader stops', async () => {
    const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
    const a = candidate('a', cluster, clock);
    await clock.advance(1_000);
    const b = candidate('b', cluster, clock);
    await clock.advance(1_000);
    await a.stop();
    expect(a.state.leads).toBe(false);
    await clock.advance(6_000);
    expect(b.state.leads).toBe(true);
    expect(lease(cluster)).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
    await b.stop();
  });

  it('lets another take over 60 s after a leader was last heard of', async () => {
    const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
    cluster.seed(Leases, {
      metadata: { name: 'flagger-leader-election', namespace: 'flagger' },
      spec: { holderIdentity: 'dead', leaseDurationSeconds: 60, renewTime: '2030-01-01T00:00:00.000000Z' },
    });
    const b = candidate('b', cluster, clock);
    await clock.advance(59_000);
    expect(b.state.leads).toBe(false);
    await clock.advance(6_000);
    expect(b.state.leads).toBe(true);
    await b.stop();
  });

  it('ends for a leader that could not renew for 15 s', async () => {
    const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
    const a = candidate('a', cluster, clock);
    await clock.advance(10_000);
    cluster.refuse = () => new ApiError(500, 'InternalError', 'no');
    await clock.advance(10_000);
    expect(a.state.leads).toBe(true);
    await clock.advance(10_000);
    expect(a.state.leads).toBe(false);
    await a.run;
  });
});
