import type { ClusterUnderTest } from './clusterUnderTest.ts';
import type { Kubectl } from './kubectl.ts';
import type { Report } from './report.ts';

/** What every journey stands on. */
export interface Ground {
  /** Of the checkout. */
  readonly root: string;
  readonly cluster: ClusterUnderTest;
  readonly kubectl: Kubectl;
  /** Of this checkout, in the cluster. */
  readonly image: string;
  readonly report: Report;
  /** Write down what was seen, where a journey's docs page says so. */
  readonly record: boolean;
  /** Leave everything in the cluster. */
  readonly keep: boolean;
}

export interface Journey {
  /** Before any journey begins: takes away what an earlier run left; throws when it is somebody else's. */
  readonly prepare?: () => Promise<void>;
  /** Its steps, each reported; leaves nothing behind, unless told to keep it. */
  readonly travel: () => Promise<void>;
}

export type CreateJourney = (ground: Ground) => Journey;

export type Steps = Readonly<Record<string, () => Promise<void>>>;

/** Reports each step, whatever became of the one before it. */
export async function takeEach({ report }: Ground, steps: Steps): Promise<void> {
  for (const [name, body] of Object.entries(steps)) await report.step(name, body);
}

/** Reports the steps up to the first that fails; resolves with whether none did. */
export async function takeAll({ report }: Ground, steps: Steps): Promise<boolean> {
  for (const [name, body] of Object.entries(steps)) if (!(await report.step(name, body))) return false;
  return true;
}
