import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import type { BackendRef, RouteRule } from './kinds.js';
import { areProportional, atRest, isExact, type Places, refined } from './proportions.js';

/** A rule that leads to both versions of the release. */
export interface ReleaseRule {
  readonly rule: RouteRule;
  readonly places: Places;
  /** Of all backends, in order. */
  readonly weights: readonly number[];
}

/** Undefined for a rule that leads elsewhere. A weight that is not said is 1. */
export function releaseRule(canary: Canary, rule: RouteRule): ReleaseRule | undefined {
  const names = serviceNames(canary);
  const home = canary.metadata.namespace;
  const { backendRefs = [] } = rule;
  const find = (name: string) =>
    backendRefs.findIndex(
      (ref) => ref.name === name && (ref.kind ?? 'Service') === 'Service' && (ref.namespace ?? home) === home,
    );
  const primary = find(names.primary);
  const places = { stable: primary < 0 ? find(names.apex) : primary, canary: find(names.canary) };
  if (places.stable < 0 || places.canary < 0) return undefined;
  return { rule, places, weights: weightsOf(rule) };
}

export function weightsOf({ backendRefs = [] }: RouteRule): number[] {
  return backendRefs.map(({ weight = 1 }) => weight);
}

/** Percent that the canary has of what the two have together; NaN of nothing. */
export function shareIn({ weights, places }: ReleaseRule): number {
  const own = weights[places.canary]!;
  return (100 * own) / (weights[places.stable]! + own);
}

/** The rule with the canary's share. */
export interface Shared {
  readonly rule: RouteRule;
  /** Of all backends, as the user has them, where these are too coarse for the share. */
  readonly users?: readonly number[];
}

/**
 * Beside other backends the two keep what the user gave them together: where that is too coarse a weight for the share,
 * all weights of the rule are made finer, and are the user's again as soon as it is not. `noted` are the user's, where
 * they had to give way before; they hold as long as the live ones are in their proportions.
 */
export function shared(release: ReleaseRule, percent: number, noted: readonly number[] = []): Shared {
  const { rule, places, weights } = release;
  const users = usersOf(release, noted);
  const wanted = refined(users, places.stable, percent);
  const own = (wanted[places.stable]! * percent) / 100;
  wanted[places.canary] = own;
  wanted[places.stable]! -= own;
  const same = wanted.every((weight, index) => weight === weights[index]);
  return {
    rule: same ? rule : { ...rule, backendRefs: weighed(rule.backendRefs, wanted) },
    ...(!isExact(users[places.stable]!, percent) && { users }),
  };
}

/** Two backends alone share in percents. */
function usersOf({ weights, places }: ReleaseRule, noted: readonly number[]): readonly number[] {
  if (weights.length === 2) return weights.map((_, index) => (index === places.stable ? 100 : 0));
  const resting = atRest(weights, places);
  return areProportional(noted, resting) ? noted : resting;
}

function weighed(refs: readonly BackendRef[] = [], weights: readonly number[]): BackendRef[] {
  return refs.map((ref, index) =>
    (ref.weight ?? 1) === weights[index] ? ref : { ...ref, weight: weights[index]! },
  );
}
