import { type Ground, type Journey, takeAll } from '../ground.ts';
import { clearGround, removeNamespaces } from '../removal.ts';
import { namespaces } from './place.ts';
import { deploySteps } from './releases.ts';
import { takeOverSteps } from './takeOver.ts';

/** `perch deploy` and `perch migrate` as users have them, in namespaces of their own. */
export function deployJourney(ground: Ground): Journey {
  const { kubectl, keep, report } = ground;
  const remove = async () => {
    const role = 'deploy-system-prometheus';
    await kubectl(['delete', 'clusterrole,clusterrolebinding', role, '--ignore-not-found']);
    await removeNamespaces(kubectl, namespaces);
  };
  return {
    prepare: () => clearGround(ground, namespaces, remove),
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
