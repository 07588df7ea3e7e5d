import type { Behaviour } from '../../sim/models/behaviours.js';
import { checkOptions, durationOf, numberWithin, type Options, refuseValue, spanOf } from '../given.js';

/** Which requests are affected. */
interface Affected {
  /** Only paths that begin with this. @default - every path */
  readonly path?: string;
  /** Only requests with all of these headers. @default - every request */
  readonly headers?: Readonly<Record<string, string>>;
}

const fields: Options<Behaviour> = {
  startUpMs: true,
  health: true,
  errorRate: true,
  medianMs: true,
  p99Ms: true,
  path: true,
  headers: true,
  degradesOverMs: true,
  livesMs: true,
};
const healths: readonly unknown[] = ['ready', 'neverReady', 'crashLoop'];

/** The behaviour, if a version can behave so. */
export function checkedBehaviour(behaviour: Behaviour, path: string): Behaviour {
  checkOptions(behaviour, path, fields);
  const { health, errorRate, medianMs, p99Ms, path: affected } = behaviour;
  if (errorRate !== undefined) numberWithin(errorRate, `${path}.errorRate`, { least: 0, most: 1 });
  for (const name of ['startUpMs', 'medianMs', 'p99Ms', 'degradesOverMs', 'livesMs'] as const)
    if (behaviour[name] !== undefined) numberWithin(behaviour[name], `${path}.${name}`, { least: 0 });
  if (health !== undefined && !healths.includes(health))
    refuseValue(`${path}.health`, `one of ${healths.join(', ')}`, health, 'write one of them');
  if (p99Ms !== undefined && p99Ms < (medianMs ?? 0))
    refuseValue(
      `${path}.p99`,
      `no less than the median, ${medianMs}ms`,
      `${p99Ms}ms`,
      'raise it, or leave it out: it is four times the median',
    );
  if (affected !== undefined && !String(affected).startsWith('/'))
    refuseValue(`${path}.path`, 'a path that begins with /', affected, `write /${affected}`);
  return behaviour;
}

/** A version as it should be: 8 ms in the median, no errors, ready after 3 s. `startsIn` is a duration such as `20s`. */
export function healthy({ startsIn }: { readonly startsIn?: string } = {}): Behaviour {
  return startsIn === undefined ? {} : { startUpMs: durationOf(startsIn, 'healthy.startsIn') };
}

/** Answers a share of the requests with 500; `errorRate` is from 0 to 1. */
export function faulty(fault: Affected & { readonly errorRate: number }): Behaviour {
  const checked = checkedBehaviour(fault, 'faulty');
  numberWithin(checked.errorRate, 'faulty.errorRate', { least: 0, most: 1 });
  return checked;
}

/** Answers late: half of the answers within `median`, 99 of 100 within `p99` (four times the median by default). */
export function slow(lateness: Affected & { readonly median: string; readonly p99?: string }): Behaviour {
  checkOptions(lateness, 'slow', { median: true, p99: true, path: true, headers: true });
  const { median, p99, ...affected } = lateness;
  const late = {
    ...affected,
    medianMs: spanOf(median, 'slow.median'),
    ...(p99 !== undefined && { p99Ms: spanOf(p99, 'slow.p99') }),
  };
  return checkedBehaviour(late, 'slow');
}

/** Healthy at first, then ever more like `worst`, which its pods are when they are as old as `over`. */
export function degrading(worst: Behaviour, { over }: { readonly over: string }): Behaviour {
  return { ...checkedBehaviour(worst, 'degrading'), degradesOverMs: spanOf(over, 'degrading.over') };
}

/** Runs, but its readiness probe fails. */
export function neverReady(): Behaviour {
  return { health: 'neverReady' };
}

/** Exits as soon as it is started, over and over. */
export function crashLooping(): Behaviour {
  return { health: 'crashLoop' };
}

/** Is killed when it has been ready for `after`, and started anew with the kubelet's back-off. */
export function outOfMemory({ after }: { readonly after: string }): Behaviour {
  return { livesMs: spanOf(after, 'outOfMemory.after') };
}
