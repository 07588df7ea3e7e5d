import type { Finding, Progress } from './exploration.js';
import { invariants } from './invariants.js';
import type { Options } from './options.js';
import { scenarios } from './scenarios.js';
import { describeIncident } from './schedule.js';

function linesOf({ schedule, seed, violations, timeline }: Finding): string[] {
  return [
    ...violations.map(({ sentence, contradiction }) => `\nviolated: ${sentence}\n  ${contradiction}`),
    ...timeline.map((line) => `  ${line}`),
    `  scenario: ${schedule.scenario}`,
    ...schedule.incidents.map((incident) => `  ${describeIncident(incident)}`),
    seed === undefined
      ? `  ${schedule.incidents.length > 0 ? 'a crash point' : 'without any fault'}`
      : `  seed ${seed}: npm run explore -- --random --workers 1 --seed ${seed} --seconds 60`,
  ];
}

/** One line that says how far it is. */
export function progressLine({ schedules, states, findings }: Progress, seconds: number): string {
  const rate = Math.round(schedules / Math.max(seconds, 1));
  return (
    `${Math.round(seconds)} s: ${schedules} schedules (${rate} a second), ${states.size} states, ` +
    `${findings.length} violated`
  );
}

/** What was tried and found, for people; the last line says it all. */
export function reportText(progress: Progress, { seed, workers }: Options, seconds: number): string {
  const { schedules, crashPoints, crashedScenarios, happened, states, findings } = progress;
  const crashed = `${crashPoints} crash points; every one of ${crashedScenarios} of ${scenarios.length} scenarios was tried`;
  const rate = Math.round(schedules / Math.max(seconds, 1));
  return [
    ...findings.flatMap(linesOf),
    `incidents that came true: ${Object.entries(happened)
      .map(([kind, times]) => `${kind} ${times}`)
      .join(', ')}`,
    ...(crashPoints > 0 ? [crashed] : []),
    `${schedules} schedules tried in ${Math.round(seconds)} s (${rate} a second, ${workers} workers, seed ${seed}), ` +
      `${states.size} states seen, ${invariants.length} invariants, ${findings.length} violated schedules`,
  ].join('\n');
}

export function reportJson(progress: Progress, { seed, workers }: Options, seconds: number): string {
  const { states, ...rest } = progress;
  return JSON.stringify({ seed, workers, seconds, ...rest, states: states.size });
}
