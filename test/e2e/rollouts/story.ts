import type { CanaryAnalysis, CanarySpec } from 'perch';

/** Requests that users make all the time, before the release and while it runs. */
export interface Visitors {
  readonly path: string;
  /** Requests a second. */
  readonly rps: number;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What somebody does, once, as soon as the release stands so. */
export type Move = { readonly at: { readonly phase?: string; readonly weight?: number } } & (
  | { readonly release: string }
  | { readonly ask: 'abort' | 'pause' | 'resume' }
  | { readonly open: string }
);

/** A release whose course is known beforehand, in words that a real cluster and the simulator understand alike. */
export interface Story {
  /** Of the application too. */
  readonly name: string;
  readonly title: string;
  /** podinfo's version that is released; 6.9.0 runs before. */
  readonly version: string;
  /** False: there is no such image, so its pods never start. @default true */
  readonly starts?: boolean;
  readonly analysis?: Partial<CanaryAnalysis>;
  readonly spec?: Partial<CanarySpec>;
  readonly visitors: readonly Visitors[];
  readonly moves?: readonly Move[];
  readonly ends: 'Succeeded' | 'Failed';
}

/** An event of the canary, and how its status stood when the controller said so. */
export interface Line {
  /** Milliseconds since the first of them. */
  readonly atMs: number;
  readonly phase: string;
  /** Percent of the traffic that the new version was meant to have. */
  readonly weight: number;
  readonly text: string;
}

/** A release as it went on a real cluster, with all that a simulation of it needs. */
export interface Recording {
  readonly story: Story;
  /** What it was recorded on. */
  readonly cluster: string;
  readonly lines: readonly Line[];
}

/** Lines with what was measured left out: no two runs measure the same. */
export function comparable(lines: readonly Line[]): string[] {
  return lines.map(({ phase, weight, text }) => {
    const unmeasured = text.replace(/(success rate|latency|request duration) [\d.]+(m?s|%)?/, '$1 #');
    return `${phase} ${weight} % ${unmeasured}`;
  });
}

const begins = /^New revision detected!/;
const analyses = /^Starting canary analysis/;

/** Milliseconds that the pods of each version took, from being asked for to the first check: no two clusters' are the same. */
export function startUpsOf(lines: readonly Line[]): number[] {
  return lines.flatMap((line, index) => {
    if (!begins.test(line.text)) return [];
    const next = lines.slice(index + 1).find(({ text }) => begins.test(text) || analyses.test(text));
    return next && analyses.test(next.text) ? [next.atMs - line.atMs] : [];
  });
}
