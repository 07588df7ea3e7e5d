import { isOwed } from './aboutAlerts.js';
import type { Part } from './exploration.js';
import { type Violation, violations } from './invariants.js';
import { type Defect, type Play, play } from './play.js';
import type { Scenario } from './scenarios.js';
import type { Incident, Schedule } from './schedule.js';
import { transitions } from './trace.js';

export interface Crash {
  readonly schedule: Schedule;
  readonly play: Play;
  readonly violations: readonly Violation[];
}

/** What must be the same with a crash as without. */
function outcome({ trace }: Play) {
  const changed = transitions(trace).filter(
    ({ from, to }) =>
      from.status.canaryWeight !== to.status.canaryWeight || from.status.phase !== to.status.phase,
  );
  return {
    'the final state': [
      trace.deleted,
      trace.stands.at(-1)?.status.phase,
      trace.primaries.at(-1)?.tag,
      trace.traffic.at(-1)?.shares.map(({ share, tags }) => [share, tags]),
    ],
    'the order of phases and weights': changed.map(({ to }) => [to.status.phase, to.status.canaryWeight]),
  };
}

/** The texts that are not among the others, each as often as that. */
function without(texts: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return texts.filter((text) => {
    const at = left.indexOf(text);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Each alert comes as often as without the crash; the one on its way when the controller died may come once more. */
function alertDifference(calm: Play, crashed: Play): Violation[] {
  const lost = without(calm.trace.alerts, crashed.trace.alerts);
  const more = without(crashed.trace.alerts, calm.trace.alerts);
  const isOpen = (text: string) => crashed.stops.some((stand) => isOwed(stand, text));
  if (lost.length === 0 && more.length <= 1 && more.every(isOpen)) return [];
  return [
    {
      sentence: 'A crash changes nothing of the alerts.',
      contradiction: `expected ${calm.trace.alerts.join(' | ')}, got ${crashed.trace.alerts.join(' | ')}`,
    },
  ];
}

function differences(calm: Play, crashed: Play): Violation[] {
  const [expected, got] = [outcome(calm), outcome(crashed)];
  return (Object.keys(expected) as (keyof typeof expected)[]).flatMap((what) => {
    const [wanted, given] = [JSON.stringify(expected[what]), JSON.stringify(got[what])];
    if (wanted === given) return [];
    return [
      {
        sentence: `A crash changes nothing of ${what}.`,
        contradiction: `expected ${wanted}, got ${given}`,
      },
    ];
  });
}

/**
 * Plays the scenario without any fault, then kills the controller before and after every single request, call and alert
 * of it, one after the other; of these points every so-manieth, as this part of the workers' whole.
 */
export async function* crashEverywhere(
  scenario: Scenario,
  { index, of }: Part,
  defect?: Defect,
): AsyncGenerator<Crash> {
  const undisturbed = { scenario: scenario.name, incidents: [] };
  const calm = await play(scenario, undisturbed, defect);
  if (index === 0)
    yield { schedule: undisturbed, play: calm, violations: violations(calm.trace, undisturbed) };
  const points = (['dieBefore', 'dieAfter'] as const).flatMap((what) =>
    (['request', 'call', 'alert'] as const).flatMap((on) =>
      Array.from({ length: calm.asked[on] }, (_, nth): Incident => ({ on, who: 0, nth, what })),
    ),
  );
  for (const point of points.filter((_, nth) => nth % of === index)) {
    const schedule = { scenario: scenario.name, incidents: [point] };
    const crashed = await play(scenario, schedule, defect);
    yield {
      schedule,
      play: crashed,
      violations: [
        ...violations(crashed.trace, schedule),
        ...differences(calm, crashed),
        ...alertDifference(calm, crashed),
      ],
    };
  }
}
