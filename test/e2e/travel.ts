import { join } from 'node:path';
import { type ClusterUnderTest, findCluster } from './clusterUnderTest.ts';
import { runProgram } from './command.ts';
import { type CreateJourney, type Ground, type Journey, takeAll } from './ground.ts';
import { journeys } from './journeys.ts';
import { createKubectl } from './kubectl.ts';
import { createReport, type Report, sumUp, type Tally } from './report.ts';

export interface TravelOptions extends Pick<Ground, 'root' | 'record' | 'keep'> {
  /** Which journeys; all of them when there is none. */
  readonly names: readonly string[];
  /** No journey is begun after so long; none is ended for it. @default - no limit */
  readonly minutes?: number | undefined;
  /**
   * A journey in which a step failed is taken once more; a step that fails in one of the two is told as flaky, and has
   * not failed.
   */
  readonly again?: boolean | undefined;
}

/** The journeys asked for, one after the other; resolves with the exit code. */
export async function travel({ names, minutes, again, ...options }: TravelOptions): Promise<number> {
  const latestMs = minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + minutes * 60_000;
  const isLate = () => performance.now() > latestMs;
  const unknown = names.find((name) => !Object.hasOwn(journeys, name));
  if (unknown !== undefined) {
    console.error(`there is no journey ${unknown}: choose of ${Object.keys(journeys).join(', ')}`);
    return 2;
  }
  const report = createReport();
  const found = await findGround(report, options);
  if (!found) return sumUp([report.tally]);
  const chosen = Object.entries(journeys).filter(([name]) => names.length === 0 || names.includes(name));
  const outings = chosen.map(([name, create]) => plan(found, name, create));
  let there = true;
  const ready = await takeAll(found, {
    'nothing of the journeys is there yet': async () => {
      for (const { journey } of outings) await journey.prepare?.();
    },
    'the API server takes the CRDs': async () => {
      there = await haveCrds(found);
      await applyCrds(found);
    },
  });
  if (!ready) return sumUp([report.tally]);
  const tallies: Tally[] = [];
  for (const outing of outings) {
    const { name, journey, report } = outing;
    if (isLate()) {
      console.log(
        `skipped ${name}: its turn came after ${minutes} minutes; npm run e2e -- ${name} runs it alone`,
      );
      continue;
    }
    console.log(`# ${name}`);
    await journey.travel();
    const isTaken = report.tally.failed.length === 0 || !again || found.keep || isLate();
    tallies.push(isTaken ? report.tally : await takeAgain(found, outing));
  }
  if (!there && !options.keep) await report.step('the CRDs are removed', () => removeCrds(found));
  return sumUp([report.tally, ...tallies]);
}

interface Outing {
  readonly name: string;
  readonly create: CreateJourney;
  readonly journey: Journey;
  readonly report: Report;
}

function plan(ground: Ground, name: string, create: CreateJourney): Outing {
  const report = createReport();
  return { name, create, journey: create({ ...ground, report }), report };
}

/** What a busy machine did once it hardly does to the same step twice; what is broken fails again. */
async function takeAgain(ground: Ground, { name, create, report: first }: Outing): Promise<Tally> {
  console.log(`# ${name} once more, as ${first.tally.failed.length} of its steps failed`);
  const { journey, report: second } = plan(ground, name, create);
  const isClear = await second.step('nothing of the first time is there', async () => journey.prepare?.());
  if (isClear) await journey.travel();
  const passed = new Set([...first.tally.passed, ...second.tally.passed]);
  const failed = new Set([...first.tally.failed, ...second.tally.failed]);
  for (const step of failed) if (passed.has(step)) console.log(`flaky ${step}: failed in one of two`);
  return { passed: [...passed], failed: [...failed].filter((step) => !passed.has(step)) };
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
