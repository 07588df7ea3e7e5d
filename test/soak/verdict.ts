import type { DaysResult } from './days.js';
import { type FaultResult, inWords } from './faultRun.js';
import type { LoadResult } from './load.js';
import { sharesInWords } from './machine.js';
import { requestsInWords } from './requests.js';

export interface Results {
  readonly load?: LoadResult;
  readonly faults?: readonly FaultResult[];
  readonly days?: DaysResult;
}

/** What a figure may be at most. */
const most = {
  startSeconds: 60,
  idleRequestsPerSecond: 0.5,
  idleCpuPercent: 2,
  rssMiB: 250,
  growthPercent: 2,
} as const;

/** Figures that are not as they should be, each in a sentence. */
export function shortcomings({ load, faults = [], days }: Results, lateMs: number): string[] {
  return [
    ...(load ? loadShortcomings(load, lateMs) : []),
    ...faults.flatMap(faultShortcomings),
    ...(days ? daysShortcomings(days) : []),
  ];
}

function daysShortcomings({ rollouts, succeeded, heapMiB, timers, fileDescriptors }: DaysResult): string[] {
  const found: [boolean, string][] = [
    [
      succeeded < rollouts,
      `${rollouts - succeeded} of ${rollouts} releases did not succeed within their day`,
    ],
    [heapMiB.growthPercent > most.growthPercent, `memory grows by ${heapMiB.growthPercent.toFixed(1)} %`],
    [timers.late > timers.early, `${timers.early} timers become ${timers.late}`],
    [
      fileDescriptors.late > fileDescriptors.early,
      `${fileDescriptors.early} open files become ${fileDescriptors.late}`,
    ],
  ];
  return found.filter(([isSo]) => isSo).map(([, sentence]) => sentence);
}

function loadShortcomings({ start, idle, rollouts, events, limited }: LoadResult, lateMs: number): string[] {
  const { lateness } = rollouts;
  const found: [boolean, string][] = [
    [
      start.seconds > most.startSeconds,
      `all are Initialized after ${start.seconds.toFixed(1)} s, not ${most.startSeconds}${floorInWords(start)}`,
    ],
    [
      idle.requestsPerSecond > most.idleRequestsPerSecond,
      `${idle.requestsPerSecond.toFixed(2)} requests a second at rest`,
    ],
    [idle.cpuPercent >= most.idleCpuPercent, `${idle.cpuPercent.toFixed(2)} % of a core at rest`],
    [idle.rssMiB > most.rssMiB, `${idle.rssMiB.toFixed(0)} MiB at rest, not ${most.rssMiB}`],
    [
      rollouts.succeeded < rollouts.released,
      `${rollouts.released - rollouts.succeeded} releases did not succeed`,
    ],
    [lateness.p99 > lateMs, `steps are ${lateness.p99} ms late at p99, not ${lateMs}`],
    [lateness.routed.p99 > lateMs, `routes are ${lateness.routed.p99} ms late at p99, not ${lateMs}`],
    [(limited?.kills ?? 0) > 0, `the controller was ended ${limited?.kills} times for its memory`],
    [events.arrived !== events.said, `${events.said} events were said, ${events.arrived} arrived`],
    [events.merged > 0, `${events.merged} events are merged`],
    [events.disordered.length > 0, `out of order are the events of ${events.disordered.join(', ')}`],
  ];
  return found.filter(([isSo]) => isSo).map(([, sentence]) => sentence);
}

function floorInWords({ floorSeconds }: LoadResult['start']): string {
  return floorSeconds ? ` (${floorSeconds.toFixed(1)} of them the control plane takes by itself)` : '';
}

function faultShortcomings({ fault, ended, wrong, violations }: FaultResult): string[] {
  return [
    ...(ended ? [] : [`${fault}: not every rollout came to rest`]),
    ...wrong.map((sentence) => `${fault}: ${sentence}`),
    ...violations.map(
      ({ canary, sentence, contradiction }) => `${fault}: ${canary}: not so: ${sentence} ${contradiction}`,
    ),
  ];
}

export function print({ load, faults, days }: Results, found: readonly string[]): void {
  if (load) printLoad(load);
  if (faults) printFaults(faults);
  if (days) printDays(days);
  console.log(found.length === 0 ? '\nall as it should be' : `\n${found.length} shortcomings`);
  for (const sentence of found) console.log(`  ${sentence}`);
}

/** Measured on the same kind of control plane, by the authors. */
const flagger = {
  idle: '111 requests/s, each canary looked at every 92 s instead of 10, 122 MiB (1,000)',
  steps: 'every 15.2 s instead of 10 (100 released; QPS raised: 10.0 s median, 10.8 s p99)',
  requests: '25,558 (100 released)',
  events: '226 of 1,500 arrive (100 released)',
} as const;

function printLoad({ canaries, start, idle, rollouts, events, limited }: LoadResult): void {
  const { lateness } = rollouts;
  const per = (total: number, count: number) => (total / count).toFixed(1);
  console.log(`
${canaries} canaries                          (Flagger 1.44)
  to Initialized    ${start.seconds.toFixed(1)} s${floorInWords(start)}, ${start.requests} requests (${per(start.requests, canaries)} a canary), ${start.cpuSeconds.toFixed(1)} s of CPU
                    a canary: ${requestsInWords(start.kinds, canaries)}
                    of the machine's CPU: ${sharesInWords(start.shares)}
  at rest           ${idle.requestsPerSecond.toFixed(2)} requests/s, ${idle.cpuPercent.toFixed(2)} % of a core, ${idle.rssMiB.toFixed(0)} MiB    (${flagger.idle})
${rollouts.released} released at once
  outcome           ${rollouts.succeeded} Succeeded in ${rollouts.seconds.toFixed(0)} s; ${rollouts.rssMiB.toFixed(0)} MiB, ${rollouts.cpuSeconds.toFixed(1)} s of CPU
  steps             ${lateness.steps}: late by ${lateness.p50} ms at the median, ${lateness.p99} at p99, ${lateness.most} at most
  in the route      late by ${lateness.routed.p50} ms at the median, ${lateness.routed.p99} at p99, ${lateness.routed.most} at most
  between steps     ${lateness.gap.p50} ms at the median, ${lateness.gap.p99} at p99    (${flagger.steps})
  API requests      ${rollouts.requests}, ${per(rollouts.requests, rollouts.released)} a rollout    (${flagger.requests})
  Prometheus        ${rollouts.queries} queries answered ${rollouts.answers} checks
  events            ${events.said} said, ${events.arrived} arrived, ${events.merged} merged, ${events.disordered.length} canaries out of order    (${flagger.events})`);
  if (limited) {
    const { memoryMiB, usedMiB, kills } = limited;
    console.log(
      `  memory            limit ${memoryMiB} MiB, ${usedMiB.toFixed(0)} in use that the kernel cannot take back, ended for it ${kills} times`,
    );
  }
  for (const words of rollouts.failures) console.log(`  did not succeed: ${words}`);
}

function printFaults(results: readonly FaultResult[]): void {
  console.log('\nunder faults');
  for (const result of results)
    console.log(`  ${result.fault.padEnd(10)} ${inWords(result)} (${result.what})`);
}

function printDays({ days, rollouts, succeeded, cpuSeconds, ...last }: DaysResult): void {
  const { heapMiB, timers, fileDescriptors, alerts } = last;
  console.log(`
${days} days of virtual time, every canary released daily
  releases          ${succeeded} of ${rollouts} succeeded, ${alerts} alerts, ${cpuSeconds.toFixed(0)} s of CPU
  memory            ${heapMiB.early.toFixed(2)} MiB, at the end ${heapMiB.late.toFixed(2)}: ${heapMiB.growthPercent.toFixed(2)} %
  timers            ${timers.early}, at the end ${timers.late}
  open files        ${fileDescriptors.early}, at the end ${fileDescriptors.late}`);
}
