import { Command } from 'commander';
import type { Canary } from '../api/canary.js';
import { findCanary } from '../deploy/canaryLookup.js';
import { realClock } from '../kube/clock.js';
import { canaryKey } from './canaryKey.js';
import { type ClusterFlags, onCluster, withCluster } from './clusterFlags.js';
import { follow } from './outcome.js';
import { statusData, statusText } from './statusView.js';
import { timeoutOption } from './timeout.js';

interface StatusFlags extends ClusterFlags {
  readonly json?: boolean;
  readonly watch?: boolean;
  readonly timeout: number;
}

/** `perch status <canary>`. */
export function statusCommand(): Command {
  return withCluster(new Command('status'))
    .description('show where a release is, step by step with what was measured')
    .argument('<canary>', 'name of the canary, or namespace/name')
    .option('--json', 'as data')
    .option('-w, --watch', 'again whenever it changes, until the release is over; fails when it fails')
    .addOption(timeoutOption('1h'))
    .addHelpText(
      'after',
      [
        '',
        'Exit code: 0 shown (with --watch: and released), 1 failed or not in time, 2 misused.',
        '',
        'Example:',
        '  perch status podinfo -n test --watch',
      ].join('\n'),
    )
    .action(status);
}

async function status(name: string, { json = false, watch = false, ...flags }: StatusFlags): Promise<void> {
  const view = json
    ? (canary: Canary) => `${JSON.stringify(statusData(canary), null, watch ? 0 : 2)}\n`
    : statusText;
  const show = (text: string) => void process.stdout.write(text);
  await onCluster(flags, async (cluster) => {
    const key = canaryKey(name, flags, cluster);
    if (!watch) return show(view(await findCanary(cluster, key)));
    await follow({ cluster, clock: realClock, key, timeoutMs: flags.timeout }, view, show);
  });
}
