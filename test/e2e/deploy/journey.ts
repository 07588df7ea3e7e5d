import { type Ground, type Journey, takeAll } from '../ground.ts';
import type { Kubectl } from '../kubectl.ts';
import { namespaces } from './place.ts';
import { deploySteps } from './releases.ts';
import { takeOverSteps } from './takeOver.ts';

/** `perch deploy` and `perch migrate` as users have them, in namespaces of their own. */
export function deployJourney(ground: Ground): Journey {
  const { kubectl, cluster, keep, report } = ground;
  const remove = async () => {
    if (await kubectl(['get', 'crd', 'canaries.flagger.app', '--ignore-not-found', '-o', 'name'])) {
      for (const namespace of namespaces) await removeCanaries(kubectl, namespace);
    }
    const role = 'deploy-system-prometheus';
    await kubectl(['delete', 'clusterrole,clusterrolebinding', role, '--ignore-not-found']);
    await kubectl(['delete', 'namespace', ...namespaces, '--ignore-not-found', '--timeout=180s']);
  };
  return {
    async prepare() {
      const there = await kubectl(['get', 'namespace', ...namespaces, '--ignore-not-found', '-o', 'name']);
      if (there && !cluster.disposable) throw new Error(`this would be removed in the end:\n${there}`);
      if (there) await remove();
    },
    async travel() {
      try {
        await takeAll(ground, deploySteps(ground));
        await takeAll(ground, takeOverSteps(ground));
      } finally {
        if (!keep) await report.step('what was deployed is removed', remove);
      }
    },
  };
}

/** Each with its controller, which takes its finalizer off, or, where there is none any more, without. */
async function removeCanaries(kubectl: Kubectl, namespace: string): Promise<void> {
  const all = ['-n', namespace, 'delete', 'canaries.flagger.app', '--all', '--timeout=30s'];
  await kubectl(all).catch(async () => {
    const names = await kubectl(['-n', namespace, 'get', 'canaries.flagger.app', '-o', 'name']);
    for (const name of names.split('\n').filter(Boolean)) {
      const none = '{"metadata":{"finalizers":null}}';
      await kubectl(['-n', namespace, 'patch', name, '--type=merge', '-p', none]);
    }
  });
}
