import { join } from 'node:path';
import { runProgram } from '../command.ts';
import type { Ground, Steps } from '../ground.ts';
import { releaseCanaries } from '../removal.ts';
import { place } from './place.ts';
import { receiver, receiverObjects } from './receiver.ts';

const namespaces = [place.app.namespace, place.system, place.router.namespace];
const ofPerch = /^apiVersion: flagger\.app\/|^kind: CustomResourceDefinition$/m;
const SERVER_SIDE = ['apply', '--server-side', '-f', '-'];

/** The synthesised stack: applied, looked over, and taken away again. */
export function createStack({ root, cluster, kubectl, image }: Ground) {
  let manifests = '';
  let mine = cluster.disposable;
  const perch = (...args: string[]) =>
    runProgram(process.execPath, [join(root, 'dist/perch.js'), ...args], {
      cwd: root,
      env: { ...cluster.images, PERCH_IMAGE: image },
    });
  const apply = (input: string, ...how: string[]) => kubectl([...SERVER_SIDE, ...how], { input });
  const remove = async () => {
    if (!mine) return;
    await releaseCanaries(kubectl, { namespace: place.system, name: place.controller }, place.app.namespace);
    const remaining = ['delete', 'namespace', ...namespaces, '--ignore-not-found'];
    await kubectl([...remaining, '--wait=false']);
    // else ingress-nginx waits for its last client for minutes
    await kubectl([
      '-n',
      place.router.namespace,
      'delete',
      'pod',
      '--all',
      '--grace-period=1',
      '--wait=false',
    ]);
    await kubectl([...remaining, '--timeout=180s']);
    // the canaries went with their namespace, and the CRDs are there for every journey
    const others = manifests.split(/^---$/m).filter((text) => !ofPerch.test(text));
    if (manifests) await kubectl(['delete', '--ignore-not-found', '-f', '-'], { input: others.join('---') });
  };

  const prepare = async () => {
    manifests = await perch('synth', 'test/e2e/podinfo/main.ts');
    if (cluster.disposable) await remove();
    const there = await kubectl(['get', 'namespace', ...namespaces, '--ignore-not-found', '-o', 'name']);
    if (there) throw new Error(`this would be overwritten, and removed in the end:\n${there}`);
    mine = true;
  };
  const installation: Steps = {
    'the synthesised stack is applied to the empty cluster': async () => {
      await apply(manifests);
      await apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: receiverObjects(image) }));
    },
    'every part of the stack becomes ready': async () => {
      const parts = [place.controller, place.loadTester, place.prometheus.name, receiver].map(
        (name) => [place.system, name] as const,
      );
      for (const [namespace, name] of [[place.router.namespace, place.router.name] as const, ...parts]) {
        await kubectl(['-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=180s']);
      }
    },
    'the API server accepts every object of examples/podinfo': async () => {
      await apply(await perch('synth', 'examples/podinfo/main.ts'), '--dry-run=server');
    },
  };
  return { prepare, installation, remove };
}
