import { type Ground, type Journey, takeAll } from '../ground.ts';
import { removeNamespaces } from '../removal.ts';
import { namespaces } from './place.ts';
import { deploySteps } from './releases.ts';
import { takeOverSteps } from './takeOver.ts';

/** `perch deploy` and `perch migrate` as users have them, in namespaces of their own. */
export function deployJourney(ground: Ground): Journey {
  const { kubectl, cluster, keep, report } = ground;
  const remove = async () => {
    const role = 'deploy-system-prometheus';
    await kubectl(['delete', 'clusterrole,clusterrolebinding', role, '--ignore-not-found']);
    await removeNamespaces(kubectl, namespaces);
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
