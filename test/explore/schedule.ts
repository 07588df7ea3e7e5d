import * as fc from 'fast-check';

/** What can go wrong with one request to the API server. */
export const requestFaults = [
  'conflict',
  'busy',
  'broken',
  'noAnswer',
  'lostAnswer',
  'slow',
  'dieBefore',
  'dieAfter',
] as const;
/** What can go wrong with one event of a watch; `cut` loses it and the connection. */
export const eventFaults = ['cut', 'twice', 'late', 'overtaken'] as const;
/** What can go wrong with one request to a hook or to Prometheus. */
export const callFaults = ['error', 'noAnswer', 'lostAnswer', 'slow', 'dieBefore', 'dieAfter'] as const;
/** What can go wrong with one alert on its way out. */
export const alertFaults = ['dieBefore', 'dieAfter'] as const;
/** What others do meanwhile. */
export const deeds = [
  'releaseAnother',
  'releaseFirstAgain',
  'editRoute',
  'deleteRoute',
  'editPolicy',
  'touchCanary',
  'scaleTarget',
  'suspend',
  'pauseAwhile',
  'abort',
  'retry',
  'promoteFully',
  'clockForward',
  'clockBack',
  'apiServerRestart',
  'secondLeader',
  'restart',
] as const;

/** `who`: the controller, 0 or the second one; `nth`: counted from the release on. */
export type Incident =
  | {
      readonly on: 'request';
      readonly who: number;
      readonly nth: number;
      readonly what: (typeof requestFaults)[number];
    }
  | {
      readonly on: 'event';
      readonly who: number;
      readonly nth: number;
      readonly what: (typeof eventFaults)[number];
      readonly ms: number;
    }
  | {
      readonly on: 'call';
      readonly who: number;
      readonly nth: number;
      readonly what: (typeof callFaults)[number];
    }
  | {
      readonly on: 'alert';
      readonly who: number;
      readonly nth: number;
      readonly what: (typeof alertFaults)[number];
    }
  | { readonly on: 'time'; readonly ms: number; readonly what: (typeof deeds)[number] };

export interface Schedule {
  /** Name of the scenario. */
  readonly scenario: string;
  readonly incidents: readonly Incident[];
}

const who = fc.constantFrom(0, 0, 0, 1);

const incident: fc.Arbitrary<Incident> = fc.oneof(
  fc.record({
    on: fc.constant('request' as const),
    who,
    nth: fc.nat(50),
    what: fc.constantFrom(...requestFaults),
  }),
  fc.record({
    on: fc.constant('event' as const),
    who,
    nth: fc.nat(60),
    what: fc.constantFrom(...eventFaults),
    ms: fc.constantFrom(50, 2_000, 15_000),
  }),
  fc.record({
    on: fc.constant('call' as const),
    who,
    // without hooks few are made
    nth: fc.oneof(fc.nat(4), fc.nat(25)),
    what: fc.constantFrom(...callFaults),
  }),
  fc.record({
    on: fc.constant('alert' as const),
    who,
    nth: fc.nat(3),
    what: fc.constantFrom(...alertFaults),
  }),
  fc.record({
    on: fc.constant('time' as const),
    ms: fc.integer({ min: 0, max: 900 }).map((tenths) => tenths * 100),
    what: fc.constantFrom(...deeds),
  }),
);

/** Up to eight incidents in one of the scenarios; shrinks to fewer and earlier ones. */
export function schedules(scenarios: readonly string[]): fc.Arbitrary<Schedule> {
  return fc.record({
    scenario: fc.constantFrom(...scenarios),
    incidents: fc.array(incident, { minLength: 1, maxLength: 8 }),
  });
}

/** Is there such an incident? */
export function holds(schedule: Schedule, ...wanted: readonly Incident['what'][]): boolean {
  return schedule.incidents.some(({ what }) => wanted.includes(what));
}

export function describeIncident(incident: Incident): string {
  if (incident.on === 'time') return `${incident.ms / 1000} s after the release: ${incident.what}`;
  const late = incident.on === 'event' && incident.what !== 'cut' ? ` by ${incident.ms} ms` : '';
  return `controller ${incident.who}, ${incident.on} ${incident.nth}: ${incident.what}${late}`;
}
