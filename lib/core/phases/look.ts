import type { ComparisonRecord } from '../../api/canary.js';
import { compare, withRecords } from '../comparison/compare.js';
import { lookEveryMs } from '../comparison/policy.js';
import type { Deciding } from '../decision.js';
import { upkeep, writeStatus } from '../effects.js';
import { hasBegun, type Situation } from '../situation.js';
import { changeStatus } from '../status.js';
import { rollBack } from './rollback.js';

/**
 * Until the next check: keeps the world as it is, and looks at the comparisons, which may be looked at as often as one
 * likes. A look that has nothing new to say is not written down, so that the next one counts from where it did.
 */
export function* untilDue(situation: Situation, dueMs: number): Deciding {
  const { status, spec, now } = situation;
  const idle = { effects: upkeep(situation), next: { afterMs: dueMs } };
  const everyMs = lookEveryMs(spec.analysis);
  if (!hasBegun(status) || everyMs === undefined) return idle;
  const last = Math.max(0, ...(status.comparisons ?? []).map(({ until }) => Date.parse(until)));
  const inMs = last + everyMs - now;
  if (inMs > 0) return { ...idle, next: { afterMs: Math.min(inMs, dueMs) } };
  const compared = yield* compare(situation);
  const looked = withRecords(situation, compared);
  if (compared.worse) return rollBack(looked, compared.worse);
  const next = { afterMs: Math.min(everyMs, dueMs) };
  const { noDataSince, undecidedSince } = status;
  const found = compared.records.some((record, at) => hasNews(record, status.comparisons?.[at]));
  if (!found) return { ...idle, next };
  const written = changeStatus(looked, { noDataSince, undecidedSince });
  return { effects: [...idle.effects, writeStatus(written)], next };
}

/** A first record or look, or bad requests that the record before knew nothing of: others change no evidence. */
function hasNews(record: ComparisonRecord, before: ComparisonRecord | undefined): boolean {
  const badIn = ({ canary, primary }: ComparisonRecord) =>
    [...canary.bad, ...primary.bad].reduce((sum, bad) => sum + bad, 0);
  if (!before) return true;
  return (before.looks === 0 && record.looks > 0) || badIn(record) > badIn(before);
}
