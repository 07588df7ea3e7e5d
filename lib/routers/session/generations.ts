import type { CanarySpec } from '../../api/canary.js';
import type { Routes } from '../../ports/router.js';

/** Weights at which a cookie was handed out, rising, percent; those who bear one of them are treated alike. */
export type Generation = readonly number[];

/** A route of Gateway API has at most 16 rules and 128 matches; three rules are for everybody else. */
const most = { rules: 16, matches: 128, others: 3 };

/**
 * The weights of the policy below `weight`, each a generation of its own; the lowest ones share one when a route has
 * no room for all: only clients that have been away for a dozen steps are in it.
 */
export function generationsBelow(weight: number, { analysis, service }: CanarySpec): Generation[] {
  const { stepWeight = 0, stepWeights = [] } = analysis;
  const regular = Array.from({ length: 99 }, (_, index) => (index + 1) * stepWeight);
  const planned = stepWeight > 0 ? regular : [...new Set(stepWeights)].toSorted((a, b) => a - b);
  const below = planned.filter((step) => step > 0 && step < weight);
  const matches = Math.max(1, service?.match?.length ?? 0);
  const room = Math.max(1, Math.min(most.rules, Math.floor(most.matches / matches)) - most.others);
  const merged = below.slice(0, Math.max(0, below.length - room + 1));
  const apart = below.slice(merged.length).map((step) => [step]);
  return merged.length > 0 ? [merged, ...apart] : apart;
}

/**
 * How those are split who were kept on the primary when the canary had `before` percent: of every 100 clients the
 * primary kept `100 - before` then and keeps `100 - now` from now on, so of these that many stay, and the difference
 * goes over. With those who are on the canary already that makes `now` of 100, whoever comes, however often.
 */
export function goingOver({ primary, canary }: Routes, before: number): Routes {
  return { primary, canary: Math.max(0, canary - before), mirrored: false };
}
