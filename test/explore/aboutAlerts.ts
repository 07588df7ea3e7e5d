import type { UnsaidAlert } from '../../lib/api/canary.js';
import { type Invariant, phaseOf } from './invariant.js';
import type { Kind } from './kinds.js';
import { holds, type Schedule } from './schedule.js';
import { isRunning, type Stand, type Trace, transitions } from './trace.js';

type Noted = UnsaidAlert['alert'];

/** Alerts that the status notes until they have arrived. */
const noted: Readonly<Record<Noted, RegExp>> = {
  initialized: /initialization completed/,
  newRevision: /^New revision detected/,
  'confirm-rollout': /^Canary is waiting/,
  'confirm-promotion': /^Canary promotion is waiting/,
};
/** Said at every check, and nowhere on record. */
const increase = /^Canary traffic increase is waiting/;

function isEnd(text: string): boolean {
  return ![...Object.values(noted), increase].some((pattern) => pattern.test(text));
}

/** Ends of runs, by the status. */
function ends(trace: Trace): number {
  return transitions(trace).filter(
    ({ from, to }) => phaseOf(from) !== phaseOf(to) && /Succeeded|Failed/.test(phaseOf(to)),
  ).length;
}

/** Different notes of this kind, by the status. */
function notes({ stands }: Trace, kind: Noted): number {
  const all = stands.map(({ status }) => status.unsaid).filter((note) => note?.alert === kind);
  return new Set(all.map((note) => note?.at)).size;
}

/** How many alerts of each sort are due, and how many arrived. */
function counts(trace: Trace) {
  const arrived = (is: (text: string) => boolean) => trace.alerts.filter(is).length;
  const kinds = Object.keys(noted) as Noted[];
  return [
    { sort: 'end', due: ends(trace), got: arrived(isEnd) },
    ...kinds.map((kind) => ({
      sort: kind,
      due: notes(trace, kind),
      got: arrived((text) => noted[kind].test(text)),
    })),
  ];
}

/** Does the status still have it on record that this alert is to be said? */
export function isOwed({ status }: Stand, text: string): boolean {
  if (status.unsaid && noted[status.unsaid.alert].test(text)) return true;
  const isEnding = status.phase === 'Succeeded' || status.phase === 'Failed';
  return isEnding && status.lastCheckTime !== undefined && isEnd(text);
}

/** An alert has three seconds to arrive; who dies after that with one still on its way has lost it. */
function mayLoseAlerts(schedule: Schedule): boolean {
  return (
    holds(schedule, 'dieBefore', 'dieAfter', 'restart') && holds(schedule, 'noAnswer', 'lostAnswer', 'slow')
  );
}

/**
 * After each of them somebody may not know that an alert has been sent, and sends it: one that begins a run and one that
 * ends it may be on their way at once.
 */
const forgetful: readonly Kind[] = ['crashes', 'timeouts with effect', 'timeouts without effect'];

export const aboutAlerts: readonly Invariant[] = [
  {
    sentence: 'Every terminal transition alerts.',
    contradiction: (trace, schedule) => {
      if (mayLoseAlerts(schedule)) return undefined;
      const due = ends(trace);
      return trace.alerts.filter(isEnd).length >= due
        ? undefined
        : `${due} runs ended, the alerts are ${trace.alerts.join(' | ')}`;
    },
  },
  {
    sentence: 'Every start alerts.',
    contradiction: (trace, schedule) => {
      // of a canary that goes nothing more is said
      if (trace.deleted || mayLoseAlerts(schedule)) return undefined;
      // one that begins anew says so in an event
      const due = transitions(trace).filter(
        ({ from, to }) => phaseOf(to) === 'Progressing' && !isRunning(from),
      ).length;
      const got = trace.alerts.filter((text) => noted.newRevision.test(text)).length;
      return got >= due ? undefined : `${due} runs began, ${got} were alerted`;
    },
  },
  {
    sentence:
      'Each alert comes once, but for what a stop, another leader or a refused or unanswered write left open.',
    contradiction: (trace) => {
      const { happened } = trace;
      if (!happened) return undefined;
      // each of two tells it, and one of them again, whom a write of the other kept from putting that on record
      const tellings = happened.includes('two leaders') ? 3 : 1;
      const allowed = happened.filter((kind) => forgetful.includes(kind)).length;
      const over = counts(trace).find(({ due, got }) => got - due * tellings > allowed);
      return (
        over &&
        `${over.got} of ${over.sort}, ${over.due} due, ${allowed} more allowed: ${trace.alerts.join(' | ')}`
      );
    },
  },
];
