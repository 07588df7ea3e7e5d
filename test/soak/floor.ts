import { application } from '../../bench/applications.js';
import { pause } from '../../bench/controller.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { Deployments } from '../../lib/api/workloads.js';
import { addWorkloads, inParallel, names, quiet, type Stage, setStage } from './stage.js';

export interface FloorOptions {
  readonly canaries: number;
  readonly namespaces: number;
  readonly say: (line: string) => void;
}

/** Applications whose objects are written at the same time: more would not be taken faster. */
const WRITERS = 12;

/**
 * Seconds that a control plane of its own takes for what initialisations ask of it, with no controller of releases:
 * primaries, Services and canary Ingresses of so many applications are written as fast as they are taken, and each
 * target is put to sleep as soon as its primary is ready. No Canary, no status, no event: less than any controller writes.
 */
export async function measureFloor({ canaries, namespaces, say }: FloorOptions): Promise<number> {
  const stage = await setStage(namespaces);
  try {
    const apps = names(canaries);
    say(`${canaries} applications are created, for what the control plane takes by itself`);
    await addWorkloads(stage, apps, 1);
    await quiet(stage, apps);
    const begun = Date.now();
    await Promise.all([
      inParallel(apps, WRITERS, (name) => stage.apply(madeFor(name, stage.namespaceOf(name)))),
      inParallel(apps, apps.length, (name) => sleepWhenReady(stage, name)),
    ]);
    return (Date.now() - begun) / 1000;
  } finally {
    await stage.close();
  }
}

async function sleepWhenReady({ chronicle, cluster, namespaceOf }: Stage, name: string): Promise<void> {
  const { primaries, targets } = chronicle.of(name);
  await until(() => (primaries.at(-1)?.ready ?? 0) > 0);
  const asleep = [{ op: 'replace', path: '/spec/replicas', value: 0 }];
  await cluster.patch(Deployments, { namespace: namespaceOf(name), name }, 'json', asleep);
  await until(() => targets.at(-1)?.ready === 0);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(100);
}

/** What an initialisation makes. */
function madeFor(name: string, namespace: string): KubeObject[] {
  const service = (of: string, app: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: of, namespace },
    spec: { selector: { app }, ports: [{ name: 'http', port: 80, targetPort: 9898 }] },
  });
  const primary = `${name}-primary`;
  const canary = `${name}-canary`;
  return [
    ...application(primary, 1, namespace).filter(({ kind }) => kind === 'Deployment'),
    service(primary, primary),
    service(canary, name),
    ...application(canary, 1, namespace).filter(({ kind }) => kind === 'Ingress'),
    service(name, primary),
  ] as KubeObject[];
}
