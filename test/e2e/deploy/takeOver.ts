import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ground, Steps } from '../ground.ts';
import { expectEqual, until } from '../wait.ts';
import { leaveAsFlagger, servingPods } from './flaggerCanary.ts';
import { place } from './place.ts';
import { createPerch, expectEnding } from './shop.ts';

interface CanaryObject {
  metadata: { generation: number };
  status: { phase: string; observedGeneration?: number; history?: readonly object[] };
}

const namespace = place.flagger;

/** `perch migrate`: from a canary of Flagger's to one of perch's, and the next release. */
export function takeOverSteps(ground: Ground): Steps {
  const { kubectl, root, image } = ground;
  const perch = createPerch(ground);
  const canary = () =>
    kubectl.get<CanaryObject>(`/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries/web`);
  let serving = '';
  let folder = '';
  const main = () => join(folder, 'main.ts');
  const deploy = () => perch(['deploy', main(), '--name', 'web', '-n', namespace, '--timeout', '5m']);
  return {
    'perch migrate finds the canary that Flagger left, and nothing in the way': async () => {
      await leaveAsFlagger(kubectl);
      serving = await servingPods(kubectl);
      const said = ['Canary deploy-flagger/web (Succeeded)', 'runs ghcr.io/fluxcd/flagger:1.44.0'];
      expectEnding(await perch(['migrate', '-n', namespace]), 0, ...said, 'Nothing is in the way.');
    },
    'the program that it writes takes over: nothing is restarted, and no release is started': async () => {
      const { status, stdout } = await perch(['migrate', '-n', namespace, '--code']);
      expectEqual('the status of perch migrate --code', status, 0);
      // Inside the checkout, where the program finds perch and cdk8s.
      folder = await mkdtemp(join(root, 'test/e2e/.taken-'));
      await writeFile(main(), settled(stdout, image));
      expectEnding(await deploy(), 0, 'ready    Canary deploy-flagger/web: Succeeded');
      await until('the controller to have looked at it', 60_000, async () => {
        const { metadata, status } = await canary();
        return status.observedGeneration === metadata.generation;
      });
      const { phase, history = [] } = (await canary()).status;
      expectEqual('phase and runs', { phase, runs: history.length }, { phase: 'Succeeded', runs: 0 });
      expectEqual('the pods that serve', await servingPods(kubectl), serving);
    },
    'the next image is a release, and the first one': async () => {
      const next = 'ghcr.io/stefanprodan/podinfo:6.9.1';
      await kubectl(['-n', namespace, 'set', 'image', 'deployment/web', `web=${next}`]);
      const revision = ['--revision', '6.9.1', '--timeout', '4m'];
      expectEnding(await perch(['wait', `${namespace}/web`, ...revision]), 0, 'succeeded');
      expectEqual('runs', (await canary()).status.history?.length, 1);
      await rm(folder, { recursive: true });
    },
  };
}

/** As a user makes it fit: an image that the cluster has, and a place for the controller. */
function settled(program: string, image: string): string {
  const platform = `{ image: '${image}', namespace: '${namespace}', crds: false,`;
  const changed = program.replace(/(new CanaryPlatform\([^{]*)\{/, `$1${platform}`);
  if (changed === program) throw new Error(`expected a platform in the program, got\n${program}`);
  return changed;
}
