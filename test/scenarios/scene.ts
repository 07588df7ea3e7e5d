import { Canaries, type CanaryStatus, controlAnnotation, type Webhook } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { Deployments, Events } from '../../lib/api/workloads.js';
import { namespace, podinfo, release } from '../sim/podinfo.js';
import type { Ground } from './ground.js';
import { closeGrounds, openGround } from './grounds.js';

interface Given {
  /** Fields of spec.analysis instead of a canary by steps of 25 to 50 without checks. */
  readonly analysis?: object;
  /** Fields of spec beside them. */
  readonly spec?: object;
  readonly usersPerSecond?: number;
  /** Changes the objects before they are applied. */
  readonly objects?: (objects: KubeObject[]) => KubeObject[];
  readonly before?: (ground: Ground) => void;
}

const minute = 60_000;
const key = { namespace, name: 'podinfo' };
const steps = { interval: '10s', threshold: 2, stepWeight: 25, maxWeight: 50, metrics: [], webhooks: [] };

afterEach(closeGrounds);

/** A hook of the load tester, named like its type. */
export function hook(type: NonNullable<Webhook['type']>, path: string, more: object = {}): object {
  return { name: type, type, url: `http://loadtester.test/${path}`, ...more };
}

/** For what a plain API server does not serve, or runs on nodes: on a real one such a scenario is left out. */
export const onVirtualCluster = process.env.SCENARIOS_KUBECONFIG ? it.skip : it;

let requests = 0;

/** What `perch <verb>` writes. */
export function control(scene: Scene, verb: string, more: object = {}): Promise<void> {
  const request = { id: String(++requests), verb, by: 'jane', ...more };
  return scene.edit({ metadata: { annotations: { [controlAnnotation]: JSON.stringify(request) } } });
}

/** What happened since the last release: a phase and a weight each time it changed, and what was said. */
export interface Story {
  readonly phases: string[];
  readonly weights: number[];
  readonly said: string[];
  readonly alerts: string[];
}

export interface Scene {
  readonly ground: Ground;
  status(): Promise<CanaryStatus>;
  /** `kubectl set image`; the story begins anew. */
  release(tag: string): Promise<void>;
  /** A merge patch of the Canary. */
  edit(patch: object): Promise<void>;
  /** Lets time pass until the canary is in the phase. */
  reaches(phase: string): Promise<void>;
  reachesWeight(weight: number): Promise<void>;
  /** Lets time pass until somebody says so. */
  hears(text: string): Promise<void>;
  story(): Promise<Story>;
  image(deployment: string): Promise<string | undefined>;
  replicas(deployment: string): Promise<number | undefined>;
}

/** What was said of canaries; a cluster's own controllers speak too. */
async function messages(ground: Ground): Promise<string[]> {
  const all = (await ground.cluster.list(Events, { namespace })).items;
  const items = all.filter(({ involvedObject }) => involvedObject.kind === Canaries.kind);
  const version = ({ metadata }: KubeObject) => Number(metadata.resourceVersion);
  return items.toSorted((a, b) => version(a) - version(b)).map(({ message }) => message);
}

async function watchStatus(ground: Ground, seen: CanaryStatus[]): Promise<void> {
  const { resourceVersion } = await ground.cluster.list(Canaries, { namespace });
  const { signal } = new AbortController();
  void ground.cluster.watch(Canaries, { namespace, resourceVersion, signal }, (event) => {
    if (event.type !== 'BOOKMARK') seen.push(event.object.status ?? {});
  });
}

const changes = <T>(values: readonly T[]) => values.filter((value, index) => value !== values[index - 1]);

/** podinfo 6.9.0 with its canary, as declared, and nothing that runs yet. */
export async function declared({
  analysis,
  spec,
  usersPerSecond,
  objects,
  before,
}: Given = {}): Promise<Scene> {
  const ground = await openGround(usersPerSecond);
  before?.(ground);
  // JSON drops what is undefined, as YAML would not have it
  const stack = JSON.parse(JSON.stringify(podinfo('6.9.0', { ...steps, ...analysis }))) as KubeObject[];
  const canary = stack.at(-1) as KubeObject & { spec: object };
  canary.spec = JSON.parse(JSON.stringify({ ...canary.spec, ...spec })) as object;
  await ground.apply(objects ? objects(stack) : stack);
  return sceneOn(ground);
}

async function sceneOn(ground: Ground): Promise<Scene> {
  const { cluster } = ground;
  const seen: CanaryStatus[] = [];
  const start = { statuses: 0, said: 0, alerts: 0 };
  await watchStatus(ground, seen);
  const status = async () => (await cluster.get(Canaries, key)).status ?? {};
  const deployment = (name: string) => cluster.get(Deployments, { namespace, name });
  const expectSoon = async (what: string, condition: () => Promise<boolean>): Promise<void> => {
    if (await ground.until(condition, 30 * minute)) return;
    const lines = [JSON.stringify(await status()), ...(await messages(ground))];
    throw new Error(`never came: ${what}\n${lines.join('\n')}`);
  };
  return {
    ground,
    status,
    async release(tag) {
      Object.assign(start, { statuses: seen.length, alerts: ground.alerts.length });
      start.said = (await messages(ground)).length;
      const { spec } = await deployment('podinfo');
      const containers = spec.template.spec.containers.map((container) => ({
        ...container,
        image: release(tag),
      }));
      const patch = { spec: { template: { spec: { containers } } } };
      await cluster.patch(Deployments, key, 'merge', patch);
    },
    edit: async (patch) => void (await cluster.patch(Canaries, key, 'merge', patch)),
    async reaches(phase) {
      await expectSoon(`phase ${phase}`, async () => (await status()).phase === phase);
      await ground.elapse(500);
    },
    async reachesWeight(weight) {
      await expectSoon(`weight ${weight}`, async () => (await status()).canaryWeight === weight);
      await ground.elapse(500);
    },
    hears: (text) => expectSoon(text, async () => (await messages(ground)).slice(start.said).includes(text)),
    async story() {
      await ground.elapse(1000);
      const statuses = seen.slice(start.statuses);
      return {
        phases: changes(statuses.map(({ phase = '' }) => phase)),
        weights: changes(statuses.map(({ canaryWeight = 0 }) => canaryWeight)),
        said: (await messages(ground)).slice(start.said),
        alerts: ground.alerts.slice(start.alerts).map(({ severity, message }) => `${severity}: ${message}`),
      };
    },
    image: async (name) =>
      (await deployment(name)).spec.template.spec.containers[0]?.image?.split(':').at(-1),
    replicas: async (name) => (await deployment(name)).spec.replicas,
  };
}

/** The same with a controller that has taken the canary over. */
export async function given(options: Given = {}): Promise<Scene> {
  const scene = await declared(options);
  await scene.ground.startController();
  await scene.reaches('Initialized');
  await scene.ground.elapse(1000);
  return scene;
}
