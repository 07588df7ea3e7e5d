import { Canaries } from '../../lib/api/canary.js';
import type { Kind } from '../../lib/api/kinds.js';
import { Deployments, Ingresses } from '../../lib/api/workloads.js';
import type { World } from '../../lib/sim/world.js';
import { namespace, release } from '../sim/podinfo.js';
import type { Life } from './life.js';
import type { deeds } from './schedule.js';

export interface Doers {
  readonly world: World;
  readonly lives: () => readonly Life[];
  /** Starts the second controller, once. */
  readonly startSecond: () => void;
}

const suspendedMs = 30_000;
const clockJumpMs = 90_000;
const canaryIngress = { namespace, name: 'podinfo-canary' };
const podinfo = { namespace, name: 'podinfo' };

function patch(world: World, kind: Kind, key: typeof podinfo, body: object): void {
  if (world.read(kind, key)) void world.cluster.patch(kind, key, 'merge', body);
}

function jump(lives: readonly Life[], ms: number): void {
  for (const life of lives) life.clockErrorMs += ms;
}

/** What users, nodes and the API server do in the middle of a release. */
export const doings: Readonly<Record<(typeof deeds)[number], (doers: Doers) => void>> = {
  releaseAnother: ({ world }) => world.setImage(namespace, 'podinfo', release('6.9.2')),
  releaseFirstAgain: ({ world }) => world.setImage(namespace, 'podinfo', release('6.9.0')),
  editRoute: ({ world }) =>
    patch(world, Ingresses, canaryIngress, {
      metadata: { annotations: { 'nginx.ingress.kubernetes.io/canary-weight': '77' } },
    }),
  deleteRoute: ({ world }) => {
    if (world.read(Ingresses, canaryIngress)) void world.cluster.delete(Ingresses, canaryIngress);
  },
  editPolicy: ({ world }) => patch(world, Canaries, podinfo, { spec: { analysis: { threshold: 3 } } }),
  touchCanary: ({ world }) => patch(world, Canaries, podinfo, { metadata: { labels: { touched: 'yes' } } }),
  scaleTarget: ({ world }) => {
    // the target is all there is once its canary goes, or is gone
    const canary = world.read(Canaries, podinfo);
    if (!canary || canary.metadata.deletionTimestamp !== undefined) return;
    patch(world, Deployments, podinfo, { spec: { replicas: 0 } });
  },
  suspend: ({ world }) => {
    patch(world, Canaries, podinfo, { spec: { suspend: true } });
    world.clock.timer(suspendedMs, () => patch(world, Canaries, podinfo, { spec: { suspend: false } }));
  },
  clockForward: ({ lives }) => jump(lives(), clockJumpMs),
  clockBack: ({ lives }) => jump(lives(), -clockJumpMs),
  apiServerRestart: ({ world }) => world.disconnect(),
  secondLeader: ({ startSecond }) => startSecond(),
  restart: ({ lives }) => lives()[0]?.die(),
};
