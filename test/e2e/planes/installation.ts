import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runProgram } from '../command.ts';
import type { Ground } from '../ground.ts';
import { releaseCanaries } from '../removal.ts';
import { application } from './application.ts';
import { place } from './place.ts';
import { hostOf, type Plane } from './plane.ts';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
}

/** What is synthesised, and applied part by part. */
export function createInstallation({ root, cluster, kubectl, image }: Ground) {
  let manifests: readonly Manifest[] = [];
  const perch = (args: readonly string[]) =>
    runProgram(process.execPath, [join(root, 'dist/perch.js'), ...args], {
      cwd: root,
      env: { ...cluster.images, ...cluster.env, PERCH_IMAGE: image },
    });
  const apply = (items: readonly object[]) =>
    kubectl(['apply', '--server-side', '-f', '-'], {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    });
  const ofPlane = (plane: Plane) => manifests.filter(({ metadata }) => metadata.labels?.plane === plane.name);
  const namespaces = Object.values(place);
  return {
    perch,
    async synthesise(): Promise<void> {
      const documents = parseAllDocuments(await perch(['synth', 'test/e2e/planes/stack.ts']));
      manifests = documents.map((document) => document.toJS() as Manifest);
    },
    async installPlatform(): Promise<void> {
      await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: place.apps } }]);
      await apply(manifests.filter(({ metadata }) => metadata.labels?.plane === undefined));
      for (const name of ['perch-controller', 'prometheus']) {
        await kubectl(['-n', place.system, 'rollout', 'status', `deployment/${name}`, '--timeout=120s']);
      }
    },
    /** The application as its users had it before, and what leads to it. */
    async deploy(plane: Plane): Promise<void> {
      const route = plane.ownRoute ? [plane.ownRoute(plane.name, hostOf(plane))] : [];
      const door = ofPlane(plane).filter(({ kind }) => kind !== 'Canary');
      await apply([...application(plane.name, image), ...route, ...door]);
      await kubectl(['-n', place.apps, 'rollout', 'status', `deployment/${plane.name}`, '--timeout=120s']);
    },
    adopt: async (plane: Plane) => void (await apply(ofPlane(plane).filter(({ kind }) => kind === 'Canary'))),
    /** Also what an earlier run left. */
    async remove(): Promise<void> {
      await releaseCanaries(kubectl, { namespace: place.system, name: 'perch-controller' }, place.apps);
      await kubectl(['delete', 'namespace', ...namespaces, '--ignore-not-found', '--timeout=180s']);
      const clusterWide = manifests.filter(({ kind }) => kind.startsWith('ClusterRole'));
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: clusterWide });
      await kubectl(['delete', '--ignore-not-found', '-f', '-'], { input });
    },
  };
}

export type Installation = ReturnType<typeof createInstallation>;
