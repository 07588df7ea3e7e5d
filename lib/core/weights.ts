import type { CanaryAnalysis } from '../api/canary.js';

/**
 * Share of traffic that follows `weight` in a run by weights, percent, at most 100; undefined when the policy names
 * none above it. As in Flagger the last step of a stepWeight may go beyond maxWeight. Weights of stepWeights that do
 * not rise are left out (Flagger gets stuck on them), and a weight that is not in the list, because the list was
 * edited during the run, goes on with the next above it (Flagger jumps to 100).
 */
export function nextWeight(analysis: CanaryAnalysis, weight: number): number | undefined {
  if (weight >= 100) return undefined;
  const listed = analysis.stepWeights ?? [];
  const step = analysis.stepWeight ?? 0;
  if (step > 0) return Math.min(100, weight + step);
  const next = listed.find((candidate) => candidate > weight);
  return next === undefined ? undefined : clampPercent(next);
}

/** Canary's share that follows `weight` while traffic returns to the primary in steps, percent. */
export function returningWeight(weight: number, step: number): number {
  return step > 0 ? Math.max(0, weight - step) : 0;
}

/** A whole percentage from 0 to 100, whatever a status or a spec says. */
export function clampPercent(value: number | undefined): number {
  if (value === undefined || !Number.isFinite(value)) return 0;
  return Math.min(100, Math.max(0, Math.trunc(value)));
}
