import { VirtualClock } from '../../../lib/sim/clock.js';
import { ApiServer } from '../../../lib/sim/cluster/apiServer.js';
import { collectGarbage } from '../../../lib/sim/cluster/garbage.js';
import { VirtualCluster } from '../../../lib/sim/cluster/virtualCluster.js';
import { Watches } from '../../../lib/sim/cluster/watches.js';
import { SeededRandom } from '../../../lib/sim/random.js';
import { clusterConformance } from '../../conformance/cluster.js';

clusterConformance('the virtual cluster', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const server = new ApiServer({ now: () => clock.now(), random: new SeededRandom(1), historyLimit: 1000 });
  collectGarbage(server, clock);
  const watches = new Watches(server.store, clock, 60_000);
  return {
    cluster: new VirtualCluster(server, watches, 'conformance'),
    namespace: 'default',
    eventually: async (condition, timeoutMs) => {
      const limit = clock.now() + timeoutMs;
      while (!(await condition())) {
        if (clock.now() >= limit) throw new Error(`the condition did not hold within ${timeoutMs} ms`);
        await clock.advance(1000);
      }
    },
    compact: async () => server.store.compact(),
    dispose: async () => watches.disconnect(),
  };
});
