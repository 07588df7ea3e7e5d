import { Canaries, type Canary } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import { holdsFinalizer } from '../api/finalizer.js';
import type { Kind } from '../api/kinds.js';
import type { Deciding, Decision } from '../core/decision.js';
import type { Observation } from '../core/observation.js';
import { isOvertaken } from './apply/overtaken.js';
import { type ApplyContext, perform, type Subject } from './apply/performers.js';
import type { Unfinished } from './apply/unfinished.js';
import type { Caches } from './cache/caches.js';
import { splitKey } from './cache/key.js';
import { type ObserveContext, observe, unobserved } from './observe.js';
import type { Requeue } from './queue.js';
import type { Rivals } from './rivals.js';
import type { Turns } from './turns.js';

export interface PassContext extends ApplyContext, ObserveContext {
  readonly caches: Caches;
  readonly unfinished: Unfinished;
  readonly rivals: Rivals;
  /** Of the runs that may take their first step. */
  readonly turns: Turns;
  readonly decide: (observation: Observation) => Deciding<Decision>;
}

/** One pass over one canary: observe, decide, apply. */
export async function pass(context: PassContext, key: string): Promise<Requeue> {
  const canary = context.caches.read(Canaries, splitKey(key));
  // Kubernetes takes away what a deleted canary owns
  if (!canary || (canary.metadata.deletionTimestamp && !holdsFinalizer(canary))) return 'wait';
  context.rivals.check(canary);
  const observation = isLetGo(canary)
    ? unobserved(canary, context.clock.now())
    : await lookAround(context, canary);
  const left = context.unfinished.take(key, canary, observation.target?.revision);
  const decision = left
    ? { effects: left.effects, next: 'again' as const }
    : await decided(context, inTurn(context, key, observation));
  if (isOvertaken(context.objects, canary)) return 'again';
  return apply(context, key, observation, decision, { ...left?.subject, canary });
}

/** Deleted, with nothing to be given back first: whatever cannot be looked at must not keep it. */
function isLetGo({ metadata, spec }: Canary): boolean {
  return metadata.deletionTimestamp !== undefined && spec.revertOnDeletion !== true;
}

async function lookAround(context: PassContext, canary: Canary): Promise<Observation> {
  const kinds = neededKinds(context, canary);
  await Promise.all(kinds.map((kind) => context.caches.ensure(kind).catch(unlessOver(canary))));
  return observe(context, canary, context.clock.now());
}

/** Of a kind that is not served any more nothing is left that a deletion would have to take back. */
function unlessOver({ metadata }: Canary): (error: unknown) => void {
  return (error) => {
    const isGone = error instanceof PerchError && error.code === 'ENGINE_KIND_MISSING';
    if (!isGone || metadata.deletionTimestamp === undefined) throw error;
  };
}

/** Kinds that a decision about the canary reads; none for what its spec gets wrong, which observe explains. */
export function neededKinds(context: ObserveContext, canary: Canary): readonly Kind[] {
  const asked = [
    () => context.targetOf(canary).watches(canary),
    () => context.routing.routerOf(canary).watches(canary),
  ];
  return asked.flatMap((watches) => {
    try {
      return watches();
    } catch (error) {
      if (error instanceof PerchError) return [];
      throw error;
    }
  });
}

/**
 * Runs that could take their first step at the same moment take it one after another: they are checked at an interval
 * from then on, and would all be checked at that moment.
 */
function inTurn({ turns }: PassContext, key: string, observation: Observation): Observation {
  const { canary, now, target } = observation;
  const { phase, lastCheckTime } = canary.status ?? {};
  const runs = target?.readiness.ready === true && !target.scaledToZero;
  if (phase === 'Progressing' && lastCheckTime === undefined && runs) {
    return { ...observation, firstCheckAt: turns.of(key, now) };
  }
  turns.forget(key);
  return observation;
}

/** Runs the decision, finding out what it asks. */
async function decided(context: PassContext, observation: Observation): Promise<Decision> {
  const { canary, now } = observation;
  const deciding = context.decide(observation);
  let asked = false;
  let step = deciding.next();
  while (!step.done) {
    asked = true;
    const { value: question } = step;
    step = deciding.next(await context.aside(() => context.ask.answer(canary, question)));
  }
  if (asked) context.telemetry.stepped(canary, (context.clock.now() - now) / 1000);
  return step.value;
}

async function apply(
  context: PassContext,
  key: string,
  observation: Observation,
  { effects, next }: Decision,
  subject: Subject,
): Promise<Requeue> {
  let changed = false;
  for (const [at, effect] of effects.entries()) {
    if (context.signal.aborted) return 'wait';
    try {
      const outcome = await perform(context, subject, effect);
      if (outcome === 'stale') return 'again';
      if (effect.type !== 'writeStatus' && outcome === 'changed') changed = true;
    } catch (error) {
      const revision = observation.target?.revision;
      if (subject.written || subject.told)
        context.unfinished.put(key, { effects: effects.slice(at), subject, revision });
      throw error;
    }
  }
  // our own writes wake nobody, and what they made may be what was waited for
  return next === 'wait' && changed ? 'again' : next;
}
