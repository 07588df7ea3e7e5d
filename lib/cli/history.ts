import { Command } from 'commander';
import { findCanary } from '../deploy/canaryLookup.js';
import { canaryKey } from './canaryKey.js';
import { type ClusterFlags, onCluster, withCluster } from './clusterFlags.js';
import { historyText } from './historyView.js';
import { outputIsColoured, paintFor } from './paint.js';

interface HistoryFlags extends ClusterFlags {
  readonly steps?: boolean;
  readonly json?: boolean;
}

/** `perch history podinfo`: the last ten runs, as the controller recorded them. */
export function historyCommand(): Command {
  return withCluster(new Command('history').description('list the last ten releases of a canary'))
    .argument('<canary>', 'name of the canary, or namespace/name')
    .option('--steps', 'show each step of each run')
    .option('--json', 'print the records as JSON')
    .addHelpText('after', '\nExample:\n  perch history podinfo -n test --steps')
    .action(history);
}

async function history(name: string, flags: HistoryFlags): Promise<void> {
  const runs = await onCluster(flags, async (cluster) => {
    const key = canaryKey(name, flags, cluster);
    return (await findCanary(cluster, key)).status?.history ?? [];
  });
  const { steps = false, json = false } = flags;
  process.stdout.write(
    json ? `${JSON.stringify(runs)}\n` : historyText(runs, steps, paintFor(outputIsColoured())),
  );
}
