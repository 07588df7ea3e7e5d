import { until } from '../wait.ts';
import { type Answer, type Asking, type Client, createClient } from './client.ts';

/** Who answered how many. */
export interface Count {
  readonly canary: number;
  readonly primary: number;
  /** Answers of neither, or none. */
  readonly others: number;
}

/** Makes new clients of one application behind one proxy. */
export interface Door {
  readonly name: string;
  open(connections: number): Client;
}

export function createDoor(name: string, address: string, host: string): Door {
  return { name, open: (connections) => createClient(address, host, connections) };
}

/** A worker of a proxy deals out by itself, so that one connection would not show what all do. */
const CONNECTIONS = 20;

export function isPrimary({ name }: Door, { pod = '' }: Answer): boolean {
  return pod.startsWith(`${name}-primary-`);
}

/** Sends so many requests over new connections. */
export async function count(door: Door, requests: number, what?: Asking): Promise<Count> {
  const client = door.open(CONNECTIONS);
  const tally = { canary: 0, primary: 0, others: 0 };
  let left = requests;
  const work = async () => {
    while (left > 0) {
      left -= 1;
      const answer = await client.ask(what);
      if (isPrimary(door, answer)) tally.primary += 1;
      else if (answer.pod?.startsWith(`${door.name}-`)) tally.canary += 1;
      else tally.others += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
  } finally {
    client.close();
  }
  return tally;
}

/** Percent of them that the canary answered. */
export function percentOf({ canary, primary, others }: Count): number {
  return (100 * canary) / (canary + primary + others);
}

/** Waits until the proxy does about what it was told: every one takes a moment, ingress-nginx seconds. */
export async function settle(door: Door, weight: number): Promise<void> {
  let last = 'nothing was asked';
  const near = (share: number) =>
    weight === 0 || weight === 100 ? share === weight : Math.abs(share - weight) < 6;
  await until(`${door.name} to send about ${weight} % to the canary`, 30_000, async () => {
    const share = await count(door, 400).then(percentOf, (error: Error) => error);
    last = typeof share === 'number' ? `${share.toFixed(1)} %` : share.message;
    return typeof share === 'number' && near(share);
  }).catch((error: Error) => {
    throw new Error(`${error.message}; at last: ${last}`);
  });
}

export interface Share {
  readonly weight: number;
  readonly percent: number;
  readonly requests: number;
  /** Share of the requests that were sent first, where it was out of bounds. */
  readonly first?: number;
}

const POINTS = 2;

/**
 * The canary's share of 2,000 requests. One that draws by chance is off by more than 2 points now and then (at 50 %
 * seven times in a hundred): 10,000 more say whether it was chance.
 */
export async function measure(door: Door, weight: number): Promise<Share> {
  await settle(door, weight);
  const first = percentOf(await count(door, 2_000));
  if (Math.abs(first - weight) <= POINTS) return { weight, percent: first, requests: 2_000 };
  const percent = percentOf(await count(door, 10_000));
  if (Math.abs(percent - weight) <= POINTS) return { weight, percent, requests: 10_000, first };
  throw new Error(
    `expected ${weight} % within ${POINTS} points, got ${first.toFixed(2)} % of 2,000 and ${percent.toFixed(2)} % of 10,000 requests`,
  );
}
