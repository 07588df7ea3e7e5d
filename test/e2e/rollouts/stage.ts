import { join } from 'node:path';
import { runProgram } from '../command.ts';
import type { Ground, Steps } from '../ground.ts';
import { until } from '../wait.ts';
import { audienceObjects } from './audience.ts';
import { manifestsOf } from './manifests.ts';
import { place } from './place.ts';
import type { Recorder } from './recorder.ts';
import { stories } from './stories.ts';

const namespaces = [place.namespace, place.system];

/** The platform, the applications of all stories and their users: applied, and taken away again. */
export function createStage({ root, cluster, kubectl, image }: Ground) {
  let manifests = '';
  let mine = cluster.disposable;
  const apply = (input: string) => kubectl(['apply', '--server-side', '-f', '-'], { input });
  const applyAll = (items: readonly object[]) =>
    apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));

  async function remove(): Promise<void> {
    if (!mine) return;
    const gone = ['delete', 'namespace', ...namespaces, '--ignore-not-found'];
    await kubectl([...gone, '--wait=false']);
    // else ingress-nginx waits for its last client for minutes
    const pods = ['-n', place.system, 'delete', 'pod', '--all', '--grace-period=1', '--wait=false'];
    await kubectl(pods);
    await kubectl([...gone, '--timeout=180s']);
    if (manifests) await kubectl(['delete', '--ignore-not-found', '-f', '-'], { input: manifests });
  }

  async function prepare(): Promise<void> {
    const perch = join(root, 'dist/perch.js');
    manifests = await runProgram(process.execPath, [perch, 'synth', 'test/e2e/rollouts/main.ts'], {
      cwd: root,
      env: { ...cluster.images, PERCH_IMAGE: image },
    });
    if (cluster.disposable) await remove();
    const there = await kubectl(['get', 'namespace', ...namespaces, '--ignore-not-found', '-o', 'name']);
    if (there) throw new Error(`this would be overwritten, and removed in the end:\n${there}`);
    mine = true;
  }

  const installation = (seen: () => Recorder): Steps => ({
    'a platform for one namespace is there': async () => {
      await kubectl(['create', 'namespace', place.namespace]);
      await apply(manifests);
      await applyAll(audienceObjects(stories, image));
      for (const name of [place.controller, place.prometheus, place.router, place.audience])
        await kubectl(['-n', place.system, 'rollout', 'status', `deployment/${name}`, '--timeout=180s']);
    },
    'an application for each story is initialized': async () => {
      await applyAll(stories.flatMap((story, turn) => manifestsOf(story).slice(turn === 0 ? 0 : 1)));
      const saysSo = (name: string) =>
        seen()
          .said(name)
          .some((text) => text.startsWith('Initialization done!'));
      await until('all canaries to say so', 180_000, () => stories.every(({ name }) => saysSo(name)));
    },
  });
  return { prepare, installation, remove };
}
