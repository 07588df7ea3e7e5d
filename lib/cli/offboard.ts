import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { PerchError } from '../api/errors.js';
import { realClock } from '../kube/clock.js';
import type { KubeCluster } from '../kube/cluster.js';
import { canaryKey } from './canaryKey.js';
import { type ClusterFlags, onCluster, withCluster } from './clusterFlags.js';
import { type OffboardPlan, planOffboard } from './offboardPlan.js';
import { type OffboardNews, offboard } from './offboardSteps.js';
import { timeoutOption } from './timeout.js';

interface OffboardFlags extends ClusterFlags {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly timeout: number;
}

/** `perch offboard <canary>`: gives the traffic back to the target, then takes away what was made for the canary. */
export function offboardCommand(): Command {
  const summary = 'take a canary off perch without a failed request: its target serves again, the rest goes';
  return withCluster(new Command('offboard').description(summary))
    .argument('<canary>', 'name of the canary, or namespace/name')
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('-y, --yes', 'do not ask')
    .option('--force', 'even though the target holds a revision that has not passed its checks')
    .option('--json', 'one JSON object a line')
    .addOption(timeoutOption('10m', 'longest wait for one step'))
    .addHelpText(
      'after',
      [
        '',
        'The controller must be running. Take the Canary out of git first, else GitOps tools bring it back.',
        'Stopped half-way, run it again: it goes on where it was.',
        '',
        'Examples:',
        '  perch offboard podinfo -n test --dry-run',
        '  perch offboard podinfo -n test --yes --json',
      ].join('\n'),
    )
    .action((name: string, flags: OffboardFlags) => onCluster(flags, (cluster) => run(name, flags, cluster)));
}

async function run(name: string, flags: OffboardFlags, cluster: KubeCluster): Promise<void> {
  const plan = await planOffboard(cluster, canaryKey(name, flags, cluster));
  showPlan(plan, flags);
  if (flags.dryRun) return;
  if (plan.objection && !flags.force) throw objected(plan, plan.objection);
  if (!flags.yes) await confirm(plan);
  const say = (news: OffboardNews) => print(flags.json ? JSON.stringify(news) : lineOf(news));
  await offboard({ cluster, clock: realClock, say, timeoutMs: flags.timeout }, plan);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function showPlan({ key, steps, objection }: OffboardPlan, { json, dryRun }: OffboardFlags): void {
  if (json) {
    print(JSON.stringify({ canary: key, steps, ...(objection ? { objection } : {}) }));
    return;
  }
  print(`${key.namespace}/${key.name} ${dryRun ? 'would be' : 'is'} taken off perch:`);
  for (const [at, step] of steps.entries()) print(`  ${at + 1}. ${step}`);
  if (objection) print(`  But: ${objection}.`);
}

function lineOf({ step, of, what, done, waitingFor }: OffboardNews): string {
  return done ? `[${step}/${of}] done: ${what}` : `[${step}/${of}] waiting for ${waitingFor}`;
}

async function confirm({ key }: OffboardPlan): Promise<void> {
  if (!process.stdin.isTTY) throw unconfirmed('nobody is there to ask');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Take ${key.namespace}/${key.name} off perch? [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw unconfirmed('it was not confirmed');
}

function unconfirmed(why: string): PerchError {
  return new PerchError({
    code: 'CLI_UNCONFIRMED',
    message: `nothing was changed: ${why}`,
    remedy: 'answer y, or give --yes',
    path: 'perch offboard',
  });
}

function objected({ key }: OffboardPlan, objection: string): PerchError {
  return new PerchError({
    code: 'CLI_OFFBOARD_UNPROVEN',
    message: `${objection}; it would get all traffic`,
    remedy: 'wait for the end of the release, put the proven revision back, or give --force',
    path: `${key.namespace}/${key.name}`,
  });
}
