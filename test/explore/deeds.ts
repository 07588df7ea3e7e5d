import { Canaries, type ControlVerb, controlAnnotation } from '../../lib/api/canary.js';
import type { Kind } from '../../lib/api/kinds.js';
import { ConfigMaps, Deployments, Ingresses } from '../../lib/api/workloads.js';
import type { World } from '../../lib/sim/world.js';
import { namespace, release } from '../sim/podinfo.js';
import type { Life } from './life.js';
import type { Scenario } from './scenarios.js';
import type { deeds } from './schedule.js';
import { settingsOf, targetKind } from './stack.js';

export interface Doers {
  readonly world: World;
  readonly scenario: Scenario;
  readonly lives: () => readonly Life[];
  /** Starts the second controller, once. */
  readonly startSecond: () => void;
}

const suspendedMs = 30_000;
/** Not a round number: what is done 90 seconds after would have the millisecond of what was done before it. */
const clockJumpMs = 90_007;
const canaryIngress = { namespace, name: 'podinfo-canary' };
const podinfo = { namespace, name: 'podinfo' };

function patch(world: World, kind: Kind, key: typeof podinfo, body: object): void {
  if (world.read(kind, key)) void world.cluster.patch(kind, key, 'merge', body);
}

function jump(lives: readonly Life[], ms: number): void {
  for (const life of lives) life.clockErrorMs += ms;
}

/** Gives the target another version, and what it reads with it. */
export function releaseVersion({ world, scenario }: Pick<Doers, 'world' | 'scenario'>, tag: string): void {
  if (scenario.changesConfig)
    patch(world, ConfigMaps, { namespace, name: 'settings' }, { data: settingsOf(tag).data });
  const kind = targetKind(scenario);
  const target = world.read(kind, podinfo);
  if (!target) return;
  const [first, ...rest] = target.spec.template.spec.containers;
  const containers = [{ ...first, image: release(tag) }, ...rest];
  patch(world, kind, podinfo, { spec: { template: { spec: { containers } } } });
}

/** Writes the annotation that `perch pause` and its like write. */
export function ask(world: World, verb: ControlVerb, more: object = {}): void {
  const request = { id: `${verb}-${world.clock.now()}`, verb, by: 'operator', ...more };
  patch(world, Canaries, podinfo, {
    metadata: { annotations: { [controlAnnotation]: JSON.stringify(request) } },
  });
}

/** What users, nodes and the API server do in the middle of a release. */
export const doings: Readonly<Record<(typeof deeds)[number], (doers: Doers) => void>> = {
  releaseAnother: (doers) => releaseVersion(doers, '6.9.2'),
  releaseFirstAgain: (doers) => releaseVersion(doers, '6.9.0'),
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
  pauseAwhile: ({ world }) => {
    ask(world, 'pause');
    world.clock.timer(suspendedMs, () => ask(world, 'resume'));
  },
  abort: ({ world }) => ask(world, 'abort'),
  retry: ({ world }) => ask(world, 'retry'),
  promoteFully: ({ world }) => ask(world, 'promote', { full: true }),
  clockForward: ({ lives }) => jump(lives(), clockJumpMs),
  clockBack: ({ lives }) => jump(lives(), -clockJumpMs),
  apiServerRestart: ({ world }) => world.disconnect(),
  secondLeader: ({ startSecond }) => startSecond(),
  restart: ({ lives }) => lives()[0]?.die(),
};
