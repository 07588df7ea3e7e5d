import { join } from 'node:path';
import { type ClusterUnderTest, findCluster } from './clusterUnderTest.ts';
import { runProgram } from './command.ts';
import { type Ground, takeAll } from './ground.ts';
import { journeys } from './journeys.ts';
import { createKubectl } from './kubectl.ts';
import { createReport } from './report.ts';

export interface TravelOptions extends Pick<Ground, 'root' | 'record' | 'keep'> {
  /** Which journeys; all of them when there is none. */
  readonly names: readonly string[];
  /** No journey is begun after so long; none is ended for it. @default - no limit */
  readonly minutes?: number | undefined;
}

/** The journeys asked for, one after the other; resolves with the exit code. */
export async function travel({ names, minutes, ...options }: TravelOptions): Promise<number> {
  const latestMs = minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + minutes * 60_000;
  const unknown = names.find((name) => !Object.hasOwn(journeys, name));
  if (unknown !== undefined) {
    console.error(`there is no journey ${unknown}: choose of ${Object.keys(journeys).join(', ')}`);
    return 2;
  }
  const report = createReport();
  const found = await findGround(report, options);
  if (!found) return report.end();
  const chosen = Object.entries(journeys).filter(([name]) => names.length === 0 || names.includes(name));
  const prepared = chosen.map(([name, create]) => ({ name, ...create(found) }));
  let there = true;
  const ready = await takeAll(found, {
    'nothing of the journeys is there yet': async () => {
      for (const { prepare } of prepared) await prepare?.();
    },
    'the API server takes the CRDs': async () => {
      there = await haveCrds(found);
      await applyCrds(found);
    },
  });
  if (!ready) return report.end();
  for (const { name, travel } of prepared) {
    if (performance.now() > latestMs) {
      console.log(
        `skipped ${name}: its turn came after ${minutes} minutes; npm run e2e -- ${name} runs it alone`,
      );
      continue;
    }
    console.log(`# ${name}`);
    await travel();
  }
  if (!there && !options.keep) await report.step('the CRDs are removed', () => removeCrds(found));
  return report.end();
}

async function findGround(
  report: Ground['report'],
  options: Omit<TravelOptions, 'names' | 'minutes'>,
): Promise<Ground | undefined> {
  let cluster: ClusterUnderTest | undefined;
  let image = '';
  await report.step('a cluster is there', async () => {
    cluster = await findCluster(options.root);
  });
  if (!cluster) return undefined;
  const there = cluster;
  console.log(`# ${there.name}`);
  const built = await report.step('the image is built and the cluster has it', async () => {
    image = await there.buildImage(options.root);
  });
  if (!built) return undefined;
  return { ...options, report, cluster: there, kubectl: createKubectl(there.env), image };
}

const crds = ['canaries', 'metrictemplates', 'alertproviders'].map((name) => `crd/${name}.flagger.app`);

async function haveCrds({ kubectl }: Ground): Promise<boolean> {
  return (await kubectl(['get', ...crds, '--ignore-not-found', '-o', 'name'])) !== '';
}

/** kubectl looks every kind up before it applies the first object, so they go ahead. */
async function applyCrds({ root, kubectl }: Ground): Promise<void> {
  const manifests = await runProgram(process.execPath, [join(root, 'dist/perch.js'), 'crds']);
  await kubectl(['apply', '--server-side', '-f', '-'], { input: manifests });
  await kubectl(['wait', '--for=condition=Established', '--timeout=30s', ...crds]);
}

async function removeCrds({ kubectl }: Ground): Promise<void> {
  await kubectl(['delete', ...crds, '--timeout=60s']);
}
