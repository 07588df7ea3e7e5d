import type { Reply, Sent } from './generator.js';
import { createLatencies } from './latencies.js';
import type { LoadPlan } from './plan.js';

/** What a load task found, as /loads shows it. Times are in milliseconds, rates in requests a second. */
export interface LoadReport {
  readonly url: string;
  readonly requests: number;
  /** Answered otherwise than expected, or not at all. */
  readonly unexpected: number;
  /** Never sent, since every connection was busy. */
  readonly missed: number;
  readonly rate: { readonly asked: number; readonly held: number };
  readonly latencyMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  /** By status, and by class of failure. */
  readonly answers: Readonly<Record<string, number>>;
  readonly durationMs: number;
}

export interface Tally {
  take(reply: Reply): void;
  report(sent: Sent): LoadReport;
}

export function createTally(plan: LoadPlan): Tally {
  const latencies = createLatencies();
  const answers = new Map<string, number>();
  let [requests, unexpected, max] = [0, 0, 0];
  return {
    take({ result, ms }) {
      requests++;
      if (typeof result === 'string' || !plan.expects(result)) unexpected++;
      answers.set(String(result), (answers.get(String(result)) ?? 0) + 1);
      latencies.add(ms);
      max = Math.max(max, ms);
    },
    report: ({ elapsedMs, missed }) => ({
      url: withoutSecrets(plan.url),
      requests,
      unexpected,
      missed,
      rate: { asked: plan.rate, held: round((requests * 1000) / elapsedMs) },
      latencyMs: {
        p50: round(Math.min(latencies.percentile(0.5), max)),
        p90: round(Math.min(latencies.percentile(0.9), max)),
        p99: round(Math.min(latencies.percentile(0.99), max)),
        max: round(max),
      },
      answers: Object.fromEntries(answers),
      durationMs: Math.round(elapsedMs),
    }),
  };
}

/** Neither user and password nor the query, where keys are given. */
export function withoutSecrets({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
