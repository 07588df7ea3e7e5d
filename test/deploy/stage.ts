import type { KubeObject } from '../../lib/api/kinds.js';
import { applyPlan } from '../../lib/deploy/apply.js';
import type { Declared } from '../../lib/deploy/manifest.js';
import { patienceOf } from '../../lib/deploy/patience.js';
import { type Plan, type PlanOptions, planDeployment } from '../../lib/deploy/plan.js';
import type { Progress } from '../../lib/deploy/progress.js';
import type { Outcome } from '../../lib/deploy/rollback.js';
import { waitForDeployment } from '../../lib/deploy/wait.js';
import { waitForCanary } from '../../lib/deploy/waitCanary.js';
import { revisionOf, serviceRevisionOf } from '../../lib/engine/targets/revision.js';
import type { ObjectKey } from '../../lib/ports/cluster.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, podinfo } from '../sim/podinfo.js';

export const application = { name: 'shop', namespace: 'default', program: 'shop/main.ts', version: '1.0.0' };

export interface Stage {
  readonly world: World;
  /** Everything that was told, one line each. */
  readonly told: string[];
  plan(objects: readonly KubeObject[], options?: Partial<PlanOptions>): Promise<Plan>;
  /** Waits half an hour for what goes, by default. */
  apply(plan: Plan, timeoutMs?: number): Promise<void>;
  /** As long as it takes, in virtual time. */
  wait(plan: Plan, timeoutMs?: number): Promise<void>;
  /** As `perch wait`, for one canary; a minute by default. */
  waitFor(canary: ObjectKey, revision?: string, timeoutMs?: number): Promise<Outcome>;
  /** Plans, applies and waits, while time passes. */
  deploy(objects: readonly KubeObject[], options?: Partial<PlanOptions>, timeoutMs?: number): Promise<void>;
}

/** An empty virtual cluster to deploy to. */
export function createStage(
  world: World = createWorld({ traffic: traffic.steady({ rps: 20, host }) }),
): Stage {
  const told: string[] = [];
  const report = (progress: Progress) => told.push(line(progress));
  const { cluster, clock } = world;
  const plan: Stage['plan'] = (objects, options = {}) =>
    planDeployment(objects.map(declared), cluster, { application, namespace: 'default', ...options });
  const apply: Stage['apply'] = (planned, timeoutMs = 30 * 60_000) =>
    passing(world, applyPlan(planned, { cluster, clock, report, timeoutMs }));
  const ports = { cluster, report, revisionOf, serviceRevisionOf };
  const wait: Stage['wait'] = (planned, timeoutMs = 30 * 60_000) =>
    passing(world, waitForDeployment(planned, patienceOf(clock, timeoutMs), ports));
  return {
    world,
    told,
    plan,
    apply,
    wait,
    waitFor: (canary, revision, timeoutMs = 60_000) =>
      passing(world, waitForCanary(canary, revision, patienceOf(clock, timeoutMs), ports)),
    async deploy(objects, options, timeoutMs) {
      const planned = await plan(objects, options);
      await apply(planned);
      await wait(planned, timeoutMs);
    },
  };
}

/** A stage on which the shop runs, and nothing was told yet. */
export async function initialized(): Promise<Stage> {
  const stage = createStage();
  await stage.apply(await stage.plan(shop()));
  await stage.world.startController();
  await stage.deploy(shop());
  stage.told.length = 0;
  return stage;
}

/** Lets virtual time pass until the promise is settled. */
async function passing<T>(world: World, promise: Promise<T>): Promise<T> {
  let settled = false;
  const end = () => {
    settled = true;
  };
  promise.then(end, end);
  await world.clock.runUntil(() => settled, 2 * 60 * 60_000);
  return promise;
}

function declared(object: KubeObject): Declared {
  return { object, path: `main/${object.kind}-${object.metadata.name}`.toLowerCase() };
}

function line(progress: Progress): string {
  if (progress.what === 'applied') {
    const { kind, metadata } = progress.step.item.object;
    return `${progress.step.action} ${kind} ${metadata.name}`;
  }
  if (progress.what === 'deleted')
    return `delete ${progress.item.object.kind} ${progress.item.object.metadata.name}`;
  return `${progress.what} ${progress.subject}: ${progress.state}`;
}

/** podinfo and what it needs, in an order that no cluster would take. */
export function shop(tag = '6.9.0', analysis: object = {}): KubeObject[] {
  return podinfo(tag, analysis).toReversed();
}

export function configMap(name: string, data: Record<string, string>, namespace = 'default'): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data } as KubeObject;
}

/** A CustomResourceDefinition that takes any object; the first version is the stored one. */
export function definition(
  group: string,
  kind: string,
  plural: string,
  versions: readonly string[],
): KubeObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  const served = versions.map((name, index) => ({
    ...{ name, served: true, storage: index === 0, schema },
    subresources: { status: {} },
  }));
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope: 'Namespaced', names: { kind, plural }, versions: served },
  } as KubeObject;
}
