import { SETTLE_MS } from '../../lib/ports/router.js';
import { firstInitialized, type Invariant, phaseOf, stretches, timeOf, weightOf } from './invariant.js';
import type { Incident } from './schedule.js';
import type { Routed, Stand, Trace } from './trace.js';

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** Milliseconds for which an incident may keep the controller from what it is about to do; without any it takes none. */
const delays: Readonly<Partial<Record<Incident['what'], number>>> = {
  // the pause after a refusal, which grows
  ...{ conflict: 2_000, busy: 2_000, broken: 2_000 },
  ...{ noAnswer: 12_000, lostAnswer: 12_000, slow: 4_000 },
  ...{ dieBefore: 4_000, dieAfter: 4_000, restart: 4_000 },
  ...{ cut: 2_000, apiServerRestart: 2_000 },
  // while pods drain nobody looks for an edit
  ...{ editRoute: 10_000, deleteRoute: 10_000 },
  suspend: 30_000,
};

function delayOf(incident: Incident): number {
  const late = incident.on === 'event' && incident.what !== 'cut' ? incident.ms : 0;
  return late + (delays[incident.what] ?? 0);
}

/** What the canary is to get; undefined while who was deleted waits for the target to take everything. */
function told(stand: Stand | undefined): number | undefined {
  return stand && phaseOf(stand) !== 'Terminating' ? weightOf(stand) : undefined;
}

/**
 * Milliseconds for which the status may come after the routes: that of a failed promotion whose primary is there again is
 * the last that is written, once the target sleeps.
 */
function lag({ stand, sent }: { readonly stand: Stand | undefined; readonly sent: number }): number {
  return stand && phaseOf(stand) === 'Failed' && sent === 0 ? SETTLE_MS : 0;
}

/** What is told and what is sent, whenever either changes. */
function moments(stands: readonly Stand[], routes: readonly Routed[]) {
  return [...stands, ...routes]
    .toSorted((a, b) => a.order - b.order)
    .map(({ order, at }) => {
      const stand = stands.findLast((each) => each.order <= order);
      const sent = routes.findLast((route) => route.order <= order)?.canary ?? 0;
      return { at, stand, told: told(stand), sent };
    });
}

function unbalanced(trace: Trace): object | undefined {
  const { traffic, routes = [] } = trace;
  const wrong = routes.find(
    ({ primary, canary }) => !(Math.min(primary, canary) >= 0 && primary + canary === 100),
  );
  const after = firstInitialized(trace);
  return (
    wrong ??
    traffic.find(
      ({ order, shares }) => order > after && Math.abs(sum(shares.map(({ share }) => share)) - 1) > 1e-9,
    )
  );
}

export const aboutRoutes: readonly Invariant[] = [
  {
    sentence: 'Weights sum to 100.',
    contradiction: (trace) => {
      const off = unbalanced(trace);
      return off && JSON.stringify(off);
    },
  },
  {
    sentence: 'Routes send what the status says, as soon as the controller has had its time.',
    contradiction: ({ stands, routes }, { incidents }) => {
      if (!routes) return undefined;
      const allowedMs = sum(incidents.map(delayOf));
      const off = stretches(
        moments(stands, routes),
        ({ told, sent }) => told !== undefined && told !== sent,
      ).find(({ ms, first }) => ms > allowedMs + lag(first));
      if (!off) return undefined;
      const { at, told, sent } = off.first;
      return `${timeOf(at)} the status says ${told}, the routes ${sent}, for ${off.ms} ms of ${allowedMs}`;
    },
  },
];
