import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { application, foundation, NAMESPACE } from '../../bench/applications.js';
import { pause } from '../../bench/controller.js';
import { AlertProviders } from '../../lib/api/alertProvider.js';
import { Canaries, type Phase } from '../../lib/api/canary.js';
import type { Kind, KubeObject } from '../../lib/api/kinds.js';
import { Deployments, Ingresses, Secrets, Services } from '../../lib/api/workloads.js';
import type { Cluster } from '../../lib/ports/cluster.js';
import { Definitions, Namespaces } from '../clusterKinds.js';
import { type Chronicle, startChronicle } from './chronicle.js';
import { type ControlPlane, controllersOfReleases, eventually, startControlPlane } from './controlPlane.js';

const kinds: readonly Kind[] = [
  Namespaces,
  Definitions,
  Canaries,
  AlertProviders,
  Deployments,
  Ingresses,
  Secrets,
  Services,
];

/** Milliseconds within which a thousand of anything is done. */
export const LIMIT_MS = 15 * 60_000;

/** A control plane with perch's kinds and namespaces, and somebody who sees all that is written there. */
export interface Stage extends ControlPlane {
  readonly folder: string;
  readonly chronicle: Chronicle;
  /** Where an application is. */
  namespaceOf(app: string): string;
  apply(objects: readonly KubeObject[]): Promise<void>;
  close(): Promise<void>;
}

/** `namespaces`: how many the applications are spread over. */
export async function setStage(namespaces = 1): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'perch-soak-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const plane = await startControlPlane(folder, { controllers: controllersOfReleases });
  const apply = (objects: readonly KubeObject[]) =>
    inParallel(objects, 16, (object) => create(plane.cluster, object));
  await apply(foundation());
  const further = Array.from({ length: namespaces - 1 }, (_, index) => `${NAMESPACE}-${index + 1}`);
  await apply(further.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
  const places = [NAMESPACE, ...further];
  await eventually(60_000, 'perch’s kinds are served', () => plane.cluster.serves(Canaries));
  const chronicle = startChronicle(plane.etcd.url);
  return {
    ...plane,
    folder,
    chronicle,
    namespaceOf: (app) => places[Number(/\d+$/.exec(app)?.[0] ?? 0) % namespaces] ?? NAMESPACE,
    apply,
    async close() {
      chronicle.end();
      await plane.stop();
    },
  };
}

async function create(cluster: Cluster, object: KubeObject): Promise<void> {
  const kind = kinds.find((each) => each.kind === object.kind);
  if (!kind) throw new Error(`the soak does not know the kind ${object.kind}`);
  await cluster.create(kind, object);
}

export const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `app-${index}`);

export async function addApplications(
  stage: Stage,
  apps: readonly string[],
  replicas: number,
  change: (object: KubeObject) => KubeObject = (object) => object,
): Promise<void> {
  await addWorkloads(stage, apps, replicas);
  await stage.apply(
    objectsOf(stage, apps, replicas)
      .filter(({ kind }) => kind === 'Canary')
      .map(change),
  );
}

/** Applications without their Canaries. */
export async function addWorkloads(stage: Stage, apps: readonly string[], replicas: number): Promise<void> {
  await stage.apply(objectsOf(stage, apps, replicas).filter(({ kind }) => kind !== 'Canary'));
}

function objectsOf(stage: Stage, apps: readonly string[], replicas: number): KubeObject[] {
  return apps.flatMap((name) => application(name, replicas, stage.namespaceOf(name)));
}

/** Until the cluster's own controllers have done with the applications. */
export async function quiet({ chronicle }: Stage, apps: readonly string[]): Promise<void> {
  await eventually(LIMIT_MS, 'a pod of every application runs', async () =>
    apps.every((name) => (chronicle.of(name).targets.at(-1)?.ready ?? 0) > 0),
  );
  await pause(5_000);
}

/** `kubectl set image` of each, all at once. */
export async function release(stage: Stage, apps: readonly string[], tag: string): Promise<void> {
  const path = '/spec/template/spec/containers/0/image';
  const value = `ghcr.io/stefanprodan/podinfo:${tag}`;
  await inParallel(apps, 32, async (name) => {
    await stage.cluster.patch(Deployments, { namespace: stage.namespaceOf(name), name }, 'json', [
      { op: 'replace', path, value },
    ]);
  });
}

export function phaseOf(stage: Stage, name: string): Phase {
  return stage.chronicle.of(name).stands.at(-1)?.status.phase ?? '';
}

/** How many of the canaries are in one of the phases, with nothing left to do. */
export function resting(stage: Stage, apps: readonly string[], phases: readonly Phase[]): number {
  return apps.filter((name) => {
    const status = stage.chronicle.of(name).stands.at(-1)?.status;
    return status && phases.includes(status.phase ?? '') && status.lastCheckTime === undefined;
  }).length;
}

/** Runs `work` on each, so many at the same time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const run = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, run));
}
