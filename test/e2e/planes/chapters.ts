import { expectEqual, until } from '../wait.ts';
import type { Fault } from './application.ts';
import { createAudience } from './audience.ts';
import { place } from './place.ts';
import { type Count, count, measure, percentOf, type Share, settle } from './shares.ts';
import type { Subject } from './subject.ts';

export const weights: readonly number[] = [10, 30, 50];

/** Between checks: long enough to be held at a weight on a slow machine, as a check follows at once when it goes on. */
const unhurried = { interval: '30s' };
const hurried = { interval: '10s' };

/** A release that is promoted: the share at every weight. */
export async function promote(subject: Subject): Promise<Share[]> {
  const shares: Share[] = [];
  await subject.analyse(unhurried);
  await subject.release();
  for (const weight of weights) {
    await subject.holdAt(weight);
    shares.push(await measure(subject.door, weight));
    await subject.perch('resume');
  }
  await subject.endIn('Succeeded');
  await settle(subject.door, 0);
  return shares;
}

const COPIED = 200;

/** Before the first weight every request is copied to the canary, and answered by the primary. */
export async function mirror(subject: Subject): Promise<void> {
  const { seen, door } = subject;
  await subject.analyse({ ...unhurried, mirror: true });
  await subject.release();
  await until('requests to be copied', 60_000, () => (seen.status.iterations ?? 0) > 0);
  await subject.perch('pause', '--reason', 'its copies are counted');
  await until('the first copy', 20_000, async () => {
    await count(door, 5, { path: '/copied' });
    return (await copies(subject)) > 0;
  });
  const before = await copies(subject);
  const answered = await count(door, COPIED, { path: '/copied' });
  expectEqual('answers', answered, { canary: 0, primary: COPIED, others: 0 });
  await until('every copy', 10_000, async () => (await copies(subject)) - before >= COPIED);
  expectEqual('copies', (await copies(subject)) - before, COPIED);
  await subject.perch('abort', '--reason', 'its copies are counted');
  await subject.endIn('Failed');
  await subject.analyse({ ...hurried, mirror: null });
}

interface PodList {
  items: { metadata: { deletionTimestamp?: string }; status: { podIP?: string } }[];
}

/** Counted by the canary's pod itself. */
async function copies({ kubectl, door }: Subject): Promise<number> {
  const path = `/api/v1/namespaces/${place.apps}/pods?labelSelector=app%3D${door.name}`;
  const { items } = await kubectl.get<PodList>(path);
  const pod = items.find(({ metadata, status }) => !metadata.deletionTimestamp && status.podIP);
  if (!pod) throw new Error(`expected a pod of the canary ${door.name}, found none`);
  const response = await fetch(`http://${pod.status.podIP}:8080/copies`);
  return Number(await response.text());
}

export interface Held extends Share {
  readonly clients: number;
}

const CLIENTS = 500;
const FURTHER_CLIENTS = 9_500;
const REQUESTS = 20;
const POINTS = 2;

/**
 * Clients that stay with the version that they first saw, while the share is the weight: 500 of them, 20 requests
 * each. Where a proxy draws by chance, so do 500 clients: those who are off by more than 2 points (at 50 % more than
 * every third time) are counted together with 9,500 who came at the same time, each client as one: 10,000 are off by as
 * much once in 16,000 times.
 */
export async function hold(subject: Subject): Promise<Held[]> {
  const held: Held[] = [];
  await subject.analyse({
    ...unhurried,
    sessionAffinity: { cookieName: 'planes-canary', primaryCookieName: 'planes-primary' },
  });
  const audience = createAudience(subject.door, CLIENTS);
  const further = createAudience(subject.door, FURTHER_CLIENTS);
  await subject.release();
  try {
    for (const weight of weights) {
      await subject.holdAt(weight);
      await settle(subject.door, weight);
      const some = await audience.ask(REQUESTS);
      const first = percentOf(some);
      if (weight === weights[0]) await further.ask(1);
      const others = isNear(first, weight) ? undefined : await further.ask(1);
      held.push(judge(weight, some, others));
      if (weight !== weights.at(-1)) await subject.perch('resume');
    }
  } finally {
    audience.close();
    further.close();
  }
  await subject.perch('abort', '--reason', 'its clients are counted');
  await subject.endIn('Failed');
  await settle(subject.door, 0);
  await subject.analyse({ ...hurried, sessionAffinity: null });
  return held;
}

function judge(weight: number, some: Count, others: Count | undefined): Held {
  const first = percentOf(some);
  if (!others) return { weight, percent: first, requests: size(some), clients: CLIENTS };
  const clients = CLIENTS + FURTHER_CLIENTS;
  const percent = (first * CLIENTS + percentOf(others) * FURTHER_CLIENTS) / clients;
  const requests = size(some) + size(others);
  if (isNear(percent, weight)) return { weight, percent, requests, clients, first };
  throw new Error(
    `expected ${weight} % within ${POINTS} points, got ${first.toFixed(2)} % of ${CLIENTS} clients and ${percent.toFixed(2)} % of ${clients}`,
  );
}

const isNear = (percent: number, weight: number) => Math.abs(percent - weight) <= POINTS;
const size = ({ canary, primary, others }: Count) => canary + primary + others;

/** A good release that somebody stops at a weight. */
export async function abort(subject: Subject): Promise<void> {
  await subject.analyse(unhurried);
  await subject.release();
  await until('a weight', 120_000, () => (subject.seen.status.canaryWeight ?? 0) > 0);
  await subject.perch('abort', '--reason', 'somebody changed his mind');
  await subject.endIn('Failed');
  await settle(subject.door, 0);
  await subject.analyse(hurried);
}

/** A release that fails is rolled back by what the proxy itself counted. */
export async function rollBack(subject: Subject, fault: Fault): Promise<void> {
  await subject.release(fault);
  await subject.endIn('Failed');
  expectHalt(subject, fault);
}

const CHOSEN = 60;

/** Those who are chosen get a slow release, everybody else does not, and it is rolled back for being slow. */
export async function choose(subject: Subject): Promise<void> {
  const { plane, seen, door } = subject;
  const cookie =
    plane.cookies === 'by name' ? { exact: 'canary' } : { regex: '^(.*; )?canary=always(;.*)?$' };
  const match = [{ headers: { 'x-canary': { exact: 'insider' } } }, { headers: { cookie } }];
  await subject.analyse({ ...unhurried, stepWeights: null, iterations: 20, match });
  await subject.release('slow');
  await subject.holdAt(100);
  const insider = { headers: { 'x-canary': 'insider' } };
  const obeyed = async () => (await count(door, 20, insider)).canary === 20;
  await until('the header to be obeyed', 20_000, obeyed);
  const bearer = { headers: { cookie: 'a=b; canary=always' } };
  const outsider = { headers: { 'x-canary': 'outsider', cookie: 'canary=no' } };
  const chosen = { canary: CHOSEN, primary: 0, others: 0 };
  const notChosen = { canary: 0, primary: CHOSEN, others: 0 };
  expectEqual('those with the header', await count(door, CHOSEN, insider), chosen);
  expectEqual('those with the cookie', await count(door, CHOSEN, bearer), chosen);
  expectEqual('those with others', await count(door, CHOSEN, outsider), notChosen);
  await subject.analyse(hurried);
  await subject.perch('resume');
  await until('the rollback', 120_000, async () => {
    if (seen.status.phase !== 'Progressing') return true;
    await count(door, 20, insider);
    return false;
  });
  await subject.endIn('Failed');
  expectHalt(subject, 'slow');
  await subject.analyse({ stepWeights: [...weights], iterations: null, match: null });
}

/** Checks without values may come before: a proxy counts a moment after it answers. */
function expectHalt({ seen }: Subject, fault: Fault): void {
  const halts = seen.said.filter(
    (message) => message.startsWith('Halt ') && !message.includes('waiting for values'),
  );
  const expected =
    fault === 'errors' ? /success.rate \d+\.\d+%? < 99%?/ : /(request-)?duration .* > (1s|1000)/;
  if (halts.length > 0 && halts.every((message) => expected.test(message))) return;
  throw new Error(`expected halts like ${expected}, got\n${seen.said.join('\n')}`);
}
