import type { Pod } from '../models/pods.js';
import type { Labels } from '../prometheus/labels.js';

/** An answer that a proxy passes on. */
export interface Answer {
  readonly pod: Pod;
  readonly code: number;
}

interface Metric {
  readonly name: string;
  /** Beside the labels that say where the request went. @default - none */
  readonly labels?: (answer: Answer) => Labels;
}

interface Duration extends Metric {
  /** Units in a second: 1000 for a histogram in milliseconds. @default 1 */
  readonly perSecond?: number;
}

/** In which series the proxies of a router or a mesh count what they pass on: one file each, as their documents name them. */
export interface DataPlane {
  /** Absent where a histogram counts the requests too. */
  readonly requests?: Metric;
  readonly durations: readonly Duration[];
  /** Labels of the requests that it answers by itself, as no pod is ready. @default - it counts none */
  readonly unanswered?: Labels;
}

/** One count of a request: by whom, and how its labels say where the request went. */
export interface Count {
  readonly by: DataPlane;
  readonly labels: Labels;
}

/** Names of all series of a data plane. */
export function seriesOf({ requests, durations }: DataPlane): string[] {
  return [
    ...(requests ? [requests.name] : []),
    ...durations.flatMap(({ name }) => [`${name}_bucket`, `${name}_sum`, `${name}_count`]),
  ];
}

export function isSameCount(a: Count, b: Count): boolean {
  const names = Object.keys(a.labels);
  return (
    a.by === b.by &&
    names.length === Object.keys(b.labels).length &&
    names.every((name) => a.labels[name] === b.labels[name])
  );
}
