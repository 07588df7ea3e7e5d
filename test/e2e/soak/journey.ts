import type { Ground, Journey } from '../ground.ts';
import { runOnOwnPlane } from '../ownPlane.ts';

/** A short `npm run soak`: few canaries, two faults, on a control plane of its own beside the cluster. */
export function soakJourney(ground: Ground): Journey {
  const { report } = ground;
  const soak = (args: readonly string[]) => runOnOwnPlane(ground, 'test/soak/run.mjs', args);
  return {
    async travel() {
      await report.step(
        'thirty canaries cost nothing at rest, and ten released at once keep their times',
        () =>
          soak([
            '--only',
            'load',
            '--canaries',
            '30',
            '--released',
            '10',
            '--window',
            '15',
            '--late',
            '2000',
          ]),
      );
      await report.step('rollouts end as they should though the API server or the controller is killed', () =>
        soak(['--only', 'faults', '--fault', 'api-server,killed', '--rollouts', '5']),
      );
    },
  };
}
