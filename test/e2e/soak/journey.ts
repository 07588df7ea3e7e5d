import { join } from 'node:path';
import { endingOf } from '../command.ts';
import type { Ground, Journey } from '../ground.ts';

/** A short `npm run soak`: few canaries, two faults, on a control plane of its own beside the cluster. */
export function soakJourney({ root, cluster, report }: Ground): Journey {
  async function soak(args: readonly string[]): Promise<void> {
    const program = join(root, 'test/soak/run.mjs');
    const { status, stdout, stderr } = await endingOf(process.execPath, [program, ...args], {
      env: cluster.env,
    });
    if (status === 2 && stderr.includes('kube-apiserver')) {
      console.log(`# skipped: ${stderr.trim().split('\n').at(-2)}`);
      return;
    }
    const figures = stdout.trim().replaceAll('\n', '\n#   ');
    if (status !== 0) throw new Error(`${figures}\n${stderr.trim().split('\n').slice(-5).join('\n')}`);
    console.log(`#   ${figures}`);
  }
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
