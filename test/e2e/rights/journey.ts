import type { Ground, Journey } from '../ground.ts';
import { runOnOwnPlane } from '../ownPlane.ts';

/** `npm run rights`: by the audit log of a control plane of its own, as that of the cluster cannot be had. */
export function rightsJourney(ground: Ground): Journey {
  return {
    async travel() {
      await ground.report.step(
        'the audit log shows that every request is granted, and every right made use of',
        () => runOnOwnPlane(ground, 'test/rights/run.mjs'),
      );
    },
  };
}
