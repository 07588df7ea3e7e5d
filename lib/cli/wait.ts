import { Command, Option } from 'commander';
import { PerchError } from '../api/errors.js';
import { patienceOf } from '../deploy/patience.js';
import { type Outcome, rolledBack } from '../deploy/rollback.js';
import { waitForCanary } from '../deploy/waitCanary.js';
import { revisionOf, serviceRevisionOf } from '../engine/targets/revision.js';
import { realClock } from '../kube/clock.js';
import { canaryKey } from './canaryKey.js';
import { type ClusterFlags, onCluster, withCluster } from './clusterFlags.js';
import { progressLine } from './deployView.js';
import { outputIsColoured, paintFor } from './paint.js';
import { timeoutOption } from './timeout.js';

interface WaitFlags extends ClusterFlags {
  readonly revision?: string;
  readonly for: 'succeeded' | 'failed';
  readonly timeout: number;
  readonly json?: boolean;
}

/** `perch wait podinfo`: until the controller has decided on a revision. */
export function waitCommand(): Command {
  return withCluster(new Command('wait').description('wait until a revision is promoted, or rolled back'))
    .argument('<canary>', 'name of the canary, or namespace/name')
    .option(
      '--revision <image|hash>',
      "image, its tag, or status.lastAppliedSpec (default: the target's present one)",
    )
    .addOption(
      new Option('--for <outcome>', 'what is hoped for')
        .choices(['succeeded', 'failed'])
        .default('succeeded'),
    )
    .addOption(timeoutOption('1h'))
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', '\nExample:\n  perch wait podinfo -n test --revision 6.9.1 --timeout 30m')
    .action(wait);
}

async function wait(name: string, flags: WaitFlags): Promise<void> {
  const paint = paintFor(outputIsColoured());
  const outcome = await onCluster(flags, (cluster) => {
    return waitForCanary(
      canaryKey(name, flags, cluster),
      flags.revision,
      patienceOf(realClock, flags.timeout),
      {
        cluster,
        revisionOf,
        serviceRevisionOf,
        // The outcome alone is for programs to read.
        report: (progress) => flags.json || process.stdout.write(`${progressLine(progress, paint)}\n`),
      },
    );
  });
  if (flags.json) process.stdout.write(`${JSON.stringify(summary(outcome))}\n`);
  else process.stdout.write(`${[outcome.verdict, ...outcome.reasons].join('\n  ')}\n`);
  checkOutcome(outcome, flags.for);
}

function summary({ verdict, revision, reasons, canary }: Outcome) {
  const { phase, lastPromotedSpec } = canary.status ?? {};
  return { verdict, revision, phase, primaryRevision: lastPromotedSpec, reasons };
}

function checkOutcome(outcome: Outcome, hoped: WaitFlags['for']): void {
  if (outcome.verdict === hoped || outcome.verdict === 'suspended') return;
  if (outcome.verdict === 'failed') throw rolledBack(outcome);
  const { namespace, name } = outcome.canary.metadata;
  throw new PerchError({
    code: 'DEPLOY_PROMOTED',
    message: 'expected the revision to be rolled back, found it promoted',
    remedy: 'wait for the outcome that you hope for with --for succeeded',
    path: `Canary ${namespace}/${name}`,
  });
}
