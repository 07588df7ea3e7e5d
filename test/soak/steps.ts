import type { Pages } from './chronicle.js';

/** How late steps were, milliseconds after they were due. */
export interface Lateness {
  readonly steps: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** The same of the routes that follow the steps: from when the step was due until its weight is in the Ingress. */
  readonly routed: { readonly p50: number; readonly p99: number; readonly most: number };
  /** Milliseconds between two steps of a canary. */
  readonly gap: { readonly p50: number; readonly p99: number };
}

const INTERVAL_MS = 10_000;

/** A step is due one interval after the one before it was. */
export function lateness(pages: readonly Pages[]): Lateness {
  const late: number[] = [];
  const routed: number[] = [];
  const gaps: number[] = [];
  for (const { stands, weights } of pages) {
    const steps = stands.filter(({ status }, index) => {
      const before = stands[index - 1]?.status;
      return status.phase === 'Progressing' && (status.canaryWeight ?? 0) > (before?.canaryWeight ?? 0);
    });
    for (const [index, step] of steps.slice(1).entries()) {
      const last = steps[index]!;
      const due = Date.parse(last.status.lastCheckTime ?? '') + INTERVAL_MS;
      late.push(step.at - due);
      gaps.push(step.at - last.at);
      const route = weights.find(
        ({ order, weight }) => order > step.order && weight === step.status.canaryWeight,
      );
      if (route) routed.push(route.at - due);
    }
  }
  return {
    steps: late.length,
    ...quantiles(late),
    most: Math.max(0, ...late),
    routed: { ...quantiles(routed), most: Math.max(0, ...routed) },
    gap: quantiles(gaps),
  };
}

function quantiles(values: readonly number[]): { p50: number; p99: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
