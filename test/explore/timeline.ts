import type { Stand, Trace, Traffic } from './trace.js';

interface Entry {
  readonly order: number;
  readonly at: number;
  readonly text: string;
}

function standing({ status }: Stand): string {
  const { phase, canaryWeight = 0, iterations = 0, failedChecks = 0 } = status;
  const counted = iterations > 0 ? `, iteration ${iterations}` : '';
  return `status: ${phase ?? '-'}, ${canaryWeight} %${counted}, ${failedChecks} failed checks`;
}

function users({ shares }: Traffic): string {
  const parts = shares.map(
    ({ share, pods, tags }) =>
      `${Math.round(share * 100)} % to ${tags.join(' and ') || 'nobody'} (${pods} pods)`,
  );
  return `users: ${parts.join(', ') || 'nowhere'}`;
}

/** What happened in a schedule, a line each, in order, with the seconds since it began. */
export function timelineOf(trace: Trace): string[] {
  const { stands, traffic, checks, targets, primaries } = trace;
  const entries: Entry[] = [
    ...stands.map((stand) => ({ ...stand, text: standing(stand) })),
    ...traffic.map((sample) => ({ ...sample, text: users(sample) })),
    ...checks.map((check) => ({ ...check, text: `check of ${check.tag}: ${check.good ? 'good' : 'bad'}` })),
    ...targets.map((change) => ({ ...change, text: `the target is given ${change.tag}` })),
    ...primaries.map((change) => ({ ...change, text: `the primary is given ${change.tag}` })),
  ].toSorted((a, b) => a.order - b.order);
  const began = entries[0]?.at ?? 0;
  return entries.map(({ at, text }) => `${((at - began) / 1000).toFixed(2).padStart(8)} s  ${text}`);
}
