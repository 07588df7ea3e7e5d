import { Leases } from '../../../lib/api/workloads.js';
import { ApiError } from '../../../lib/ports/cluster.js';
import { MemoryCluster } from '../memoryCluster.js';
import { VirtualClock } from '../virtualClock.js';
import { candidate } from './machine.js';

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

  it('ends after 15 s for a leader whose requests get no answer', async () => {
    const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
    const a = candidate('a', cluster, clock);
    await clock.advance(6_000);
    a.machine.network = 'silent';
    await clock.advance(13_000);
    expect(a.state.leads).toBe(true);
    await clock.advance(2_000);
    expect(a.state.leads).toBe(false);
    await a.run;
  });

  it('ends at once for a leader that finds another in its place', async () => {
    const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
    const a = candidate('a', cluster, clock);
    await clock.advance(11_000);
    cluster.edit(Leases, 'flagger', 'flagger-leader-election', ({ spec }) => {
      Object.assign(spec ?? {}, { holderIdentity: 'b', renewTime: '2026-01-01T00:00:11.000000Z' });
    });
    await clock.advance(5_000);
    expect(a.state.leads).toBe(false);
    expect(lease(cluster)?.holderIdentity).toBe('b');
  });

  it('goes on for a leader whose Lease somebody has labelled', async () => {
    const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
    const a = candidate('a', cluster, clock);
    await clock.advance(11_000);
    cluster.edit(Leases, 'flagger', 'flagger-leader-election', ({ metadata }) => {
      metadata.labels = { team: 'shop' };
    });
    await clock.advance(60_000);
    expect(a.state.leads).toBe(true);
    await a.stop();
  });

  it.each([-600_000, 600_000])('has never two leaders where a clock is set by %i ms', async (skewMs) => {
    const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
    const a = candidate('a', cluster, clock);
    await clock.advance(10_000);
    const b = candidate('b', cluster, clock);
    await clock.advance(20_000);
    a.machine.network = 'cut';
    await clock.advance(6_000);
    // The leader's is set back, or its successor's forward; to either less time seems to be left to the other.
    (skewMs < 0 ? a : b).machine.skewMs = skewMs;
    const leaders: string[] = [];
    for (let second = 0; second < 90; second++) {
      await clock.advance(1_000);
      leaders.push([a.state.leads && 'a', b.state.leads && 'b'].filter(Boolean).join(' and '));
    }
    expect([...new Set(leaders)]).toEqual(['a', '', 'b']);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('takes a Lease that has no spec, and one that was never held', async () => {
    for (const spec of [undefined, {}]) {
      const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
      cluster.seed(Leases, {
        metadata: { name: 'flagger-leader-election', namespace: 'flagger' },
        ...(spec && { spec }),
      });
      const a = candidate('a', cluster, clock);
      await clock.advance(1_000);
      expect(a.state.leads).toBe(true);
      expect(lease(cluster)).toMatchObject({ holderIdentity: 'a', leaseTransitions: 1 });
      await a.stop();
    }
  });

  it('leaves nothing running once it has stopped', async () => {
    const [cluster, clock] = [new MemoryCluster(), new VirtualClock()];
    const [a, b] = [candidate('a', cluster, clock), candidate('b', cluster, clock)];
    await clock.advance(30_000);
    await Promise.all([a.stop(), b.stop()]);
    expect(clock.pending).toBe(0);
  });
});
