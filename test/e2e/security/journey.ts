import { type Ground, type Journey, takeAll, takeEach } from '../ground.ts';
import { clearGround, removeNamespaces } from '../removal.ts';
import { namespaces } from './place.ts';
import { securitySteps } from './steps.ts';

/** What a release with Secrets tells and asks for, in namespaces of its own. */
export function securityJourney(ground: Ground): Journey {
  const { kubectl, keep, report } = ground;
  const remove = () => removeNamespaces(kubectl, namespaces);
  return {
    prepare: () => clearGround(ground, namespaces, remove),
    async travel() {
      const [first, ...others] = Object.entries(securitySteps(ground));
      try {
        if (first && (await takeAll(ground, { [first[0]]: first[1] })))
          await takeEach(ground, Object.fromEntries(others));
      } finally {
        if (!keep) await report.step('its namespaces are removed', remove);
      }
    },
  };
}
