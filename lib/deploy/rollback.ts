import type { Canary, RunRecord } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import { Events } from '../api/workloads.js';
import type { Cluster, ObjectKey } from '../ports/cluster.js';

/** What a canary came to. */
export interface Outcome {
  readonly verdict: 'succeeded' | 'failed' | 'suspended';
  readonly canary: Canary;
  readonly revision: string | undefined;
  /** Why it failed, as the controller put it, newest last. */
  readonly reasons: readonly string[];
}

/** Where to look for reasons: epoch milliseconds from which on warnings count. */
export interface Evidence {
  readonly cluster: Cluster;
  readonly since: number;
}

/** How many reasons are told. */
const MOST = 3;

/** The outcome with its reasons: those of the run's record, or, where there is none, those of the events. */
export async function outcomeOf(
  verdict: Outcome['verdict'],
  canary: Canary,
  revision: string | undefined,
  { cluster, since }: Evidence,
): Promise<Outcome> {
  if (verdict !== 'failed') return { verdict, canary, revision, reasons: [] };
  const run = canary.status?.history?.findLast((each) => each.outcome === 'Failed' && isOf(each, revision));
  const { namespace = '', name = '' } = canary.metadata;
  const reasons = run ? recorded(run) : await warnings({ namespace, name }, cluster, since);
  return { verdict, canary, revision, reasons };
}

function isOf(run: RunRecord, revision: string | undefined): boolean {
  return revision === undefined || run.revision === revision;
}

/** What the last checks found, each once, and what ended the run. */
function recorded({ steps, cause }: RunRecord): string[] {
  const found = new Set(steps.flatMap(({ message }) => message ?? []).toReversed());
  return [...[...found].slice(0, MOST - 1).reverse(), ...(cause ? [cause] : [])];
}

/** Warnings about the canary since `since`, the newest last; nothing said twice. */
async function warnings(key: ObjectKey, cluster: Cluster, since: number): Promise<string[]> {
  const { items } = await cluster.list(Events, { namespace: key.namespace });
  const all = items
    .filter(({ type, involvedObject }) => type === 'Warning' && involvedObject.kind === 'Canary')
    .filter(({ involvedObject }) => involvedObject.name === key.name)
    .toSorted((a, b) => at(a) - at(b));
  const recent = all.filter((event) => at(event) >= since - 1000);
  const messages = (recent.length > 0 ? recent : all).map(({ message }) => message);
  return [...new Set(messages)].slice(-MOST);
}

function at({ lastTimestamp = '' }: { lastTimestamp?: string }): number {
  return Date.parse(lastTimestamp) || 0;
}

/** The error that a rolled-back revision ends a wait with. */
export function rolledBack({ canary, revision, reasons }: Outcome): PerchError {
  const { namespace, name } = canary.metadata;
  const why = reasons.length > 0 ? reasons.join('; ') : 'neither its record nor its events say why any more';
  return new PerchError({
    code: 'DEPLOY_ROLLED_BACK',
    message: `the new revision${revision ? ` ${revision}` : ''} was rolled back: ${why}`,
    remedy:
      'users have the version before it; put right what was measured, and deploy again; `perch status` shows its steps, and `perch retry` releases the same revision once more',
    path: `Canary ${namespace}/${name}`,
  });
}
