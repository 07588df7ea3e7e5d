import { type Ground, type Journey, takeAll, takeEach } from '../ground.ts';
import { namespaces, place } from './place.ts';
import { securitySteps } from './steps.ts';

/** What a release with Secrets tells and asks for, in namespaces of its own. */
export function securityJourney(ground: Ground): Journey {
  const { kubectl, cluster, keep, report } = ground;
  const remove = async () => {
    if (await kubectl(['get', 'namespace', place.app, '--ignore-not-found', '-o', 'name'])) {
      const canary = ['-n', place.app, 'canary.flagger.app/web', '--ignore-not-found'];
      await kubectl(['delete', ...canary, '--timeout=30s']).catch(async () => {
        // of a controller that is gone nobody takes the finalizer off
        await kubectl([
          'patch',
          '-n',
          place.app,
          'canary.flagger.app/web',
          '--type=merge',
          '-p',
          '{"metadata":{"finalizers":null}}',
        ]);
      });
    }
    await kubectl(['delete', 'namespace', ...namespaces, '--ignore-not-found', '--timeout=180s']);
  };
  return {
    async prepare() {
      const there = await kubectl(['get', 'namespace', ...namespaces, '--ignore-not-found', '-o', 'name']);
      if (there && !cluster.disposable) throw new Error(`this would be removed in the end:\n${there}`);
      if (there) await remove();
    },
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
