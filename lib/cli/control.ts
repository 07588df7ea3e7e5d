import { userInfo } from 'node:os';
import { Command } from 'commander';
import type { ControlVerb } from '../api/canary.js';
import { realClock } from '../kube/clock.js';
import { realRandom } from '../kube/random.js';
import { canaryKey } from './canaryKey.js';
import { type ClusterFlags, onCluster, withCluster } from './clusterFlags.js';
import { controlVerbs } from './controlVerbs.js';
import { steer } from './steering.js';
import { timeoutOption } from './timeout.js';

interface ControlFlags extends ClusterFlags {
  readonly reason?: string;
  readonly revision?: string;
  readonly full?: boolean;
  readonly wait?: boolean;
  readonly timeout: number;
}

/** `perch pause | resume | promote | abort | retry <canary>`. */
export function controlCommand(verb: ControlVerb): Command {
  const command = withCluster(new Command(verb))
    .description(controlVerbs[verb].summary)
    .argument('<canary>', 'name of the canary, or namespace/name')
    .option('--reason <text>', 'why, for the record and the events')
    .option('--revision <revision>', 'only if the target is at this revision');
  if (verb === 'promote') command.option('--full', 'without the rest of the analysis');
  return command
    .option('--wait', 'until the release is over; fails when it fails')
    .addOption(timeoutOption('1h'))
    .addHelpText('after', help(verb))
    .action((name: string, flags: ControlFlags) => control(verb, name, flags));
}

async function control(verb: ControlVerb, name: string, flags: ControlFlags): Promise<void> {
  await onCluster(flags, async (cluster) => {
    const key = canaryKey(name, flags, cluster);
    const watching = { cluster, clock: realClock, key, timeoutMs: flags.timeout };
    const { reason, revision, full } = flags;
    const said = await steer(
      watching,
      {
        id: realRandom.uuid(),
        verb,
        by: cluster.user ?? userInfo().username,
        at: new Date(realClock.now()).toISOString(),
        ...(full ? { full } : {}),
        ...(reason ? { reason } : {}),
        ...(revision ? { revision } : {}),
      },
      flags.wait ?? false,
    );
    process.stdout.write(`canary/${key.name} ${said}\n`);
  });
}

function help(verb: ControlVerb): string {
  return [
    '',
    'Exit code: 0 accepted (with --wait: and released), 1 refused, failed or not in time, 2 misused.',
    '',
    'Example:',
    `  ${controlVerbs[verb].example}`,
  ].join('\n');
}
