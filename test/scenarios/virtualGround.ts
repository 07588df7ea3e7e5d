import type { Controller } from '../../lib/engine/controller.js';
import type { Alert } from '../../lib/ports/notifier.js';
import type { ApiRequest } from '../../lib/sim/cluster/virtualCluster.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, namespace } from '../sim/podinfo.js';
import { type Fault, type Ground, type Posted, unavailable } from './ground.js';

function usersOf(world: World, headers?: Readonly<Record<string, string>>): Record<string, number> {
  const users: Record<string, number> = {};
  for (const { share, pods } of world.route({ host, path: '/', ...(headers && { headers }) })) {
    const tags = new Set(pods.map(({ image }) => image.split(':').at(-1) ?? ''));
    for (const tag of share > 0 ? tags : []) users[tag] = Math.round(share * 100);
  }
  return users;
}

type Shared = 'until' | 'elapse' | 'behave' | 'gate' | 'users' | 'posts';

/** What a virtual world gives to any ground: time, the way versions behave, the load tester, the users. */
export function worldGround(world: World): Pick<Ground, Shared> {
  const posts: Posted[] = [];
  world.answer(({ url, method, body }) => {
    const { hostname, pathname } = new URL(url);
    if (method === 'POST' && hostname === 'loadtester.test') {
      posts.push({ path: pathname.slice(1), body: JSON.parse(body ?? '{}') as Posted['body'] });
    }
    return undefined;
  });
  return {
    posts,
    until: (condition, limitMs) => world.clock.runUntil(condition, limitMs),
    elapse: (ms) => world.clock.advance(ms),
    behave: (tag, behaviour) => world.behave(`podinfo:${tag}`, behaviour),
    gate: async (path) => {
      const body = JSON.stringify({ name: 'podinfo', namespace });
      await world.http.request({
        method: 'POST',
        url: `http://loadtester.test/${path}`,
        body,
        timeoutMs: 1000,
      });
    },
    users: (headers) => usersOf(world, headers),
  };
}

/** The virtual cluster; `usersPerSecond` only where metrics are looked at, since counting requests takes time. */
export function virtualGround(usersPerSecond: number): Ground {
  const world = createWorld(
    usersPerSecond > 0 ? { traffic: traffic.steady({ rps: usersPerSecond, host }) } : {},
  );
  const alerts: Alert[] = [];
  const globalNotifier = {
    send: async (alert: Alert) => {
      alerts.push(alert);
    },
  };
  let controller: Controller | undefined;
  let fault: Fault | undefined;
  let refusal = unavailable;
  const intercept = (request: ApiRequest) => {
    if (fault?.(request)) throw refusal;
  };
  return {
    ...worldGround(world),
    cluster: world.cluster,
    alerts,
    apply: async (objects) => world.apply(objects),
    startController: async () => {
      controller = await world.startController({ globalNotifier, intercept });
    },
    stopController: async () => {
      await controller?.stop();
    },
    fail(next, answer = unavailable) {
      [fault, refusal] = [next, answer];
    },
    disconnect: () => world.disconnect(),
    dispose: async () => {},
  };
}
