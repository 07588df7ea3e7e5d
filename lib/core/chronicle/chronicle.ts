import type { CanaryStatus, Measurement } from '../../api/canary.js';
import type { Decision, Effect } from '../decision.js';
import { writeStatus } from '../effects.js';
import type { Observation } from '../observation.js';
import type { Reason } from '../reason.js';
import { standingOf } from '../situation.js';
import { withStandardConditions } from './conditions.js';
import { factsOf } from './facts.js';
import { type Account, writeHistory } from './runs.js';

/**
 * Puts a decision on record: every status that it writes gets the history and the conditions that follow from it,
 * and alerts about the end of a run what is known of that. One status is written on top only when the Canary or its
 * target changed and nothing else has to be said.
 */
export function chronicle(
  observation: Observation,
  { effects, next }: Decision,
  measured: readonly Measurement[],
): Decision {
  const account = accountOf(effects, measured);
  let status = observation.canary.status ?? {};
  const recorded = effects.map((effect): Effect => {
    if (effect.type === 'writeStatus') {
      status = enrich(observation, status, effect.status, account);
      return writeStatus(status);
    }
    const run = status.history?.at(-1);
    const tells = effect.type === 'alert' && effect.reason === account.cause && run?.endedAt !== undefined;
    return tells ? { ...effect, facts: factsOf(run) } : effect;
  });
  const written = effects.some(({ type }) => type === 'writeStatus');
  if (written || !isWatched(observation)) return { effects: recorded, next };
  const seen = enrich(observation, status, status, account);
  return isSameSight(status, seen)
    ? { effects: recorded, next }
    : { effects: [...recorded, writeStatus(seen)], next };
}

/** The reasons that a decision tells; its cause is what its alert about an end is for. */
function accountOf(effects: readonly Effect[], measured: readonly Measurement[]): Account {
  const reasons: Reason[] = [];
  let cause: Reason | undefined;
  const ends = effects.some(({ type }) => type === 'count');
  for (const effect of effects) {
    if (effect.type === 'event' && effect.throttleMs === undefined) reasons.push(effect.reason);
    if (effect.type === 'alert' && ends) cause = effect.reason;
  }
  return { reasons, cause, measured };
}

function enrich(
  observation: Observation,
  before: CanaryStatus,
  after: CanaryStatus,
  account: Account,
): CanaryStatus {
  const { canary, target } = observation;
  const history = writeHistory(standingOf(observation), before, after, account);
  const told: CanaryStatus = { ...after, ...(history ? { history } : {}) };
  if (told.phase === undefined) return told;
  if (canary.metadata.generation !== undefined) told.observedGeneration = canary.metadata.generation;
  if (target) told.observedRevision = target.revision;
  return { ...told, conditions: withStandardConditions(observation, told) };
}

/** A canary that is being deleted, or that nobody has looked at, is told nothing about. */
function isWatched({ canary }: Observation): boolean {
  const { phase = '' } = canary.status ?? {};
  return canary.metadata.deletionTimestamp === undefined && phase !== '' && phase !== 'Terminating';
}

/** Do two statuses say the same to whoever waits? */
function isSameSight(a: CanaryStatus, b: CanaryStatus): boolean {
  const sight = ({ observedGeneration, observedRevision, conditions = [] }: CanaryStatus) =>
    JSON.stringify([
      observedGeneration,
      observedRevision,
      conditions.map(({ type, status, reason, message }) => [type, status, reason, message]),
    ]);
  return sight(a) === sight(b);
}
