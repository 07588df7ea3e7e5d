import { type Ground, takeAll } from '../ground.ts';
import { until } from '../wait.ts';
import { abort, choose, hold, mirror, promote, rollBack } from './chapters.ts';
import type { Installation } from './installation.ts';
import { createLoad, type Load, type Tally } from './load.ts';
import { hostOf, type Plane } from './plane.ts';
import { count, settle } from './shares.ts';
import type { Sight } from './sight.ts';
import { createSubject, type Subject } from './subject.ts';

const CALM = 'no request of the constant load failed';
const CALM_BETWEEN = 'no request of the constant load failed between adoption and off-boarding';

/** What was measured behind one plane. */
export interface Finding {
  readonly plane: Plane;
  readonly shares: Awaited<ReturnType<typeof promote>>;
  readonly held: Awaited<ReturnType<typeof hold>>;
  readonly tally: Tally;
}

export interface CourseParts {
  readonly ground: Ground;
  readonly plane: Plane;
  readonly address: string;
  readonly installation: Installation;
  readonly sight: Sight;
}

const [ADOPTION, OFFBOARDING] = ['a canary adopts what is there', 'the canary is taken off'];

/** A plane's whole life with perch under a constant load; undefined when a step of it failed. */
export async function takeCourse(parts: CourseParts): Promise<Finding | undefined> {
  const { ground, plane, address, installation, sight } = parts;
  const subject = createSubject({
    plane,
    address,
    sight,
    kubectl: ground.kubectl,
    runPerch: installation.perch,
  });
  let load: Load | undefined;
  let [shares, held]: [Finding['shares'], Finding['held']] = [[], []];
  let tally: Tally | undefined;
  let moment = 'before the canary';
  const named = (steps: Readonly<Record<string, () => Promise<unknown>>>) =>
    Object.fromEntries(
      Object.entries(steps).map(([name, body]) => [
        `${plane.title}: ${name}`,
        async () => {
          moment = name;
          await body();
        },
      ]),
    );
  const steps = named({
    'requests are answered before there is a canary': async () => {
      await installation.deploy(plane);
      await settle(subject.door, 100);
      load = createLoad(address, hostOf(plane), () => moment);
    },
    [ADOPTION]: async () => {
      await installation.adopt(plane);
      await until('phase Initialized', 120_000, () => subject.seen.status.phase === 'Initialized');
      await settle(subject.door, 0);
    },
    ...(plane.mirrors && { 'requests are copied': () => mirror(subject) }),
    ...(plane.holds && {
      'clients are held on a version, and its share stays the weight': async () => {
        held = await hold(subject);
      },
    }),
    'a release is aborted': () => abort(subject),
    'a release that answers errors is rolled back by what the proxy counted': () =>
      rollBack(subject, 'errors'),
    ...(plane.cookies
      ? { 'a header and a cookie choose a slow release, and it is rolled back': () => choose(subject) }
      : { 'a slow release is rolled back': () => rollBack(subject, 'slow') }),
    'a release is promoted, at every weight 2,000 requests are shared as told': async () => {
      shares = await promote(subject);
    },
    [OFFBOARDING]: () => offboard(subject),
    [plane.learnsSlowly ? CALM_BETWEEN : CALM]: async () => {
      tally = await load!.end();
      load = undefined;
      sayTally(plane, tally);
    },
  });
  try {
    const passed = await takeAll(ground, steps as Record<string, () => Promise<void>>);
    return passed && tally ? { plane, shares, held, tally } : undefined;
  } finally {
    await load?.end();
  }
}

async function offboard({ perch, door }: Subject): Promise<void> {
  await perch('offboard', '--yes');
  await settle(door, 100);
  await count(door, 100);
}

/** Failures while a route that was there is taken over, or given back. */
export function failedInHandover({ failed }: Tally): number {
  return failed.filter(({ moment }) => moment === ADOPTION || moment === OFFBOARDING).length;
}

function sayTally({ title, learnsSlowly }: Plane, tally: Tally): void {
  const { sent, failed, faulty, repeated } = tally;
  console.log(
    `# ${title}: ${sent} requests at 50 a second, ${failed.length} failed, ${failedInHandover(tally)} of them in adoption and off-boarding; ${faulty} answered by the release that fails on purpose, ${repeated} sent again`,
  );
  const counted = learnsSlowly ? failed.length - failedInHandover(tally) : failed.length;
  if (counted === 0) return;
  const texts = failed.slice(0, 30).map(({ text }) => text);
  throw new Error(`${failed.length} of ${sent} requests failed:\n${texts.join('\n')}`);
}
