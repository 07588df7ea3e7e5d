import { Command } from 'commander';
import { PerchError } from '../api/errors.js';
import { findFlagger } from '../migrate/flagger.js';
import { manifestOf, takeInventory } from '../migrate/inventory.js';
import { reportMigration, type Sourced } from '../migrate/report.js';
import { planTakeOver } from '../migrate/takeOver.js';
import { type ClusterFlags, onCluster, withCluster } from './clusterFlags.js';
import { Ending } from './failure.js';
import { type ManifestFiles, readManifestFiles } from './manifestFiles.js';
import { refuseNothing } from './migrateNothing.js';
import { migrationText } from './migrateView.js';
import { outputIsColoured, paintFor } from './paint.js';

interface MigrateFlags extends ClusterFlags {
  readonly code?: boolean;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly meshProvider?: string;
  readonly metricsServer?: string;
}

/** `perch migrate [folder]`: what becomes of Flagger's canaries under perch, and the program that stands for them. */
export function migrateCommand(): Command {
  return withCluster(
    new Command('migrate').description('from Flagger to perch: what is the same, what differs, how'),
  )
    .argument('[folder]', 'a folder or file of manifests, - for standard input (default: the cluster)')
    .option('--code', 'print the cdk8s program that stands for the manifests')
    .option('--all', 'say what differs for every canary, too')
    .option('--json', 'print the report as JSON')
    .option(
      '--mesh-provider <name>',
      "Flagger's -mesh-provider (default: what Flagger runs with, else istio)",
    )
    .option('--metrics-server <url>', "Flagger's -metrics-server (default: likewise)")
    .addHelpText(
      'after',
      [
        '',
        'Ends with 0 when nothing is in the way, with 1 when something is invalid, a release is under way or nothing is found.',
        'Nothing is changed: the steps are printed. Without -n every namespace of a cluster is read.',
        '',
        'Examples:',
        '  perch migrate --context staging',
        '  perch migrate deploy/ -n shop --code > main.ts',
      ].join('\n'),
    )
    .action(migrate);
}

async function migrate(place: string | undefined, flags: MigrateFlags): Promise<void> {
  const found = place === undefined ? await readCluster(flags) : await readManifestFiles(place);
  const report = reportMigration(found.manifests, found.unread, flags.namespace ?? 'default');
  refuseNothing(report, found.manifests.length, placeOf(place, flags));
  if (flags.code) return writeCode(found, flags);
  const takeOver = planTakeOver(report, place ?? (flags.context ? `--context ${flags.context}` : ''));
  const text = flags.json
    ? `${JSON.stringify({ ...report, takeOver })}\n`
    : migrationText(report, takeOver, { all: flags.all ?? false, paint: paintFor(outputIsColoured()) });
  process.stdout.write(text);
  if (takeOver.objections.length > 0) throw new Ending(1);
}

function placeOf(place: string | undefined, { context, namespace }: MigrateFlags): string {
  if (place !== undefined) return place === '-' ? 'standard input' : place;
  const cluster = context === undefined ? 'the cluster' : `the cluster of context ${context}`;
  return namespace === undefined ? cluster : `namespace ${namespace} of ${cluster}`;
}

async function readCluster(flags: MigrateFlags): Promise<ManifestFiles> {
  const objects = await onCluster(flags, (cluster) => takeInventory(cluster, flags.namespace));
  return { manifests: objects.map((object) => ({ object })), unread: [] };
}

async function writeCode({ manifests, unread }: ManifestFiles, flags: MigrateFlags): Promise<void> {
  for (const { source, message } of unread.filter(({ broken }) => broken)) throw unreadable(source, message);
  const objects = manifests.map(({ object }) => object);
  const installations = findFlagger(objects);
  const [flagger] = installations;
  const program = manifests
    .filter(({ object }) => findFlagger([object]).length === 0)
    .map(({ object, source }: Sourced) => (source === undefined ? manifestOf(object) : object));
  const { writeProgram } = await import('../migrate/code/program.js').catch(unlessAbsent);
  process.stdout.write(
    writeProgram(program, {
      namespace: flags.namespace ?? 'default',
      meshProvider: flags.meshProvider ?? flagger?.meshProvider ?? 'istio',
      metricsServer: flags.metricsServer ?? flagger?.metricsServer ?? 'http://prometheus:9090',
      flags: flagger?.carried ?? [],
    }),
  );
}

/** What is written is tried out with the libraries that it will need. */
function unlessAbsent(error: NodeJS.ErrnoException): never {
  if (error.code !== 'MODULE_NOT_FOUND') throw error;
  throw new PerchError({
    code: 'MIGRATE_LIBRARIES',
    message: `expected the libraries of the program beside perch, ${error.message.split('\n')[0]}`,
    remedy: 'install them with perch: npm install perch cdk8s cdk8s-plus-27 constructs',
    cause: error,
  });
}

function unreadable(source: string, message: string): PerchError {
  return new PerchError({
    code: 'SYNTH_YAML',
    message,
    remedy: 'put the text right; render templates first, e.g. helm template … | perch migrate - --code',
    path: source,
  });
}
