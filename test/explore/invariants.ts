import type { Phase } from '../../lib/api/canary.js';
import { tracesOf } from '../secretTraces.js';
import { aboutAlerts } from './aboutAlerts.js';
import { aboutRoutes } from './aboutRoutes.js';
import { firstInitialized, type Invariant, phaseOf, stretches, timeOf, weightOf } from './invariant.js';
import { holds, type Schedule } from './schedule.js';
import { secretWord } from './stack.js';
import { type Change, type Stand, startsRun, type Trace, type Traffic, transitions } from './trace.js';

/** What follows what; every phase may also be followed by itself, and by Terminating when the Canary is deleted. */
const successors: Readonly<Record<Phase, readonly Phase[]>> = {
  '': ['Initializing'],
  Initializing: ['Initialized', 'Failed'],
  Initialized: ['Waiting', 'Progressing'],
  Waiting: ['Progressing', 'Failed'],
  Progressing: ['WaitingPromotion', 'Promoting', 'Failed'],
  WaitingPromotion: ['Progressing', 'Promoting', 'Failed'],
  Promoting: ['Finalising', 'Succeeded', 'Failed', 'Progressing'],
  Finalising: ['Succeeded', 'Failed'],
  Succeeded: ['Waiting', 'Progressing'],
  Failed: ['Waiting', 'Progressing', 'Initializing', 'Initialized'],
  Terminating: ['Terminated'],
  Terminated: [],
};

const maxWeight = 50;
const stepWeight = 25;
const say = ({ at, status }: Stand) =>
  `${timeOf(at)} ${status.phase} weight ${status.canaryWeight} iterations ${status.iterations}`;

/** Steps that a check must have allowed: each but the first of a run, and the promotion. */
function checkedSteps(trace: Trace) {
  return transitions(trace).filter(({ from, to }) => {
    if (phaseOf(from) !== 'Progressing' || startsRun({ from, to })) return false;
    const first = weightOf(from) === 0 && (from.status.iterations ?? 0) === 0;
    if (first && phaseOf(to) !== 'Promoting') return false;
    const rises =
      weightOf(to) > weightOf(from) || (to.status.iterations ?? 0) > (from.status.iterations ?? 0);
    return phaseOf(to) === 'Promoting' || (phaseOf(to) === 'Progressing' && rises);
  });
}

/** What the primary had when it was rolled out last: a version that never became ready in it serves nobody. */
function servedLast(traffic: readonly Traffic[], primaries: readonly Change[]): Change | undefined {
  const served = traffic.findLast(({ primaryServes }) => primaryServes)?.order ?? 0;
  return primaries.findLast(({ order }) => order < served);
}

/** Where the weight of a run has risen above this. */
function transitionsTo(stands: readonly Stand[], weight: number): Stand[] {
  const isOver = (stand: Stand | undefined) => stand !== undefined && weightOf(stand) > weight;
  return stands.filter(
    (stand, index) => phaseOf(stand) === 'Progressing' && isOver(stand) && !isOver(stands[index - 1]),
  );
}

/** Was somebody asked for less analysis, by the scenario or by the schedule? */
function isShortened({ skipsAnalysis, turns }: Trace, schedule: Schedule): boolean {
  return skipsAnalysis || turns.includes('promote') || holds(schedule, 'promoteFully');
}

/** When the last check was due, by the controller's own clock. */
function checkedAt({ status }: Stand): number {
  return Date.parse(status.lastCheckTime ?? '');
}

/** A target that was put to sleep behind the controller's back serves again after so long. */
const awakeAgainMs = 60_000;

/** Does a share go to nobody while somebody is ready? */
function isLost({ ready, shares }: Traffic): boolean {
  return ready > 0 && shares.some(({ share, pods }) => share > 0 && pods === 0);
}

const aboutTraffic: readonly Invariant[] = [
  {
    sentence: 'Traffic never goes to a version with no ready pod while another has one.',
    contradiction: (trace, schedule) => {
      // who suspends it and takes its pods away has told the controller to look on
      if (holds(schedule, 'suspend') && holds(schedule, 'scaleTarget')) return undefined;
      const after = firstInitialized(trace);
      const seen = trace.traffic.filter(({ order }) => order > after);
      // whoever scales the target to zero takes its pods away, when the controller is dead, or blind, or waits
      const allowedMs = holds(schedule, 'scaleTarget') && schedule.incidents.length > 1 ? awakeAgainMs : 0;
      const lost = stretches(seen, isLost).find(({ ms }) => ms > allowedMs || allowedMs === 0)?.first;
      return lost && `${timeOf(lost.at)} ${JSON.stringify(lost.shares)}`;
    },
  },
  {
    sentence: 'Once initialised, the app always has somebody who answers, deletion included.',
    contradiction: (trace) => {
      const after = firstInitialized(trace);
      const dark = trace.traffic.find(
        ({ order, shares }) => order > after && !shares.some(({ pods }) => pods > 0),
      );
      return dark && `${timeOf(dark.at)} ${JSON.stringify(dark)}`;
    },
  },
  {
    sentence: 'After a run all traffic is on the last good version.',
    contradiction: ({ traffic, primaries, deleted, stands }) => {
      if (deleted || (stands.at(-1)?.status.canaryWeight ?? 0) > 0) return undefined;
      const good = servedLast(traffic, primaries)?.tag ?? '';
      const wrong = traffic.at(-1)?.shares.find(({ tags }) => tags.some((tag) => tag !== good));
      return wrong && `expected ${good} alone, got ${JSON.stringify(traffic.at(-1)?.shares)}`;
    },
  },
];

const aboutSteps: readonly Invariant[] = [
  {
    sentence: 'No step without a passing check since the last step.',
    contradiction: (trace, schedule) => {
      if (isShortened(trace, schedule)) return undefined;
      const unchecked = checkedSteps(trace).find(
        ({ from, to }) =>
          !trace.checks.some(({ order, good }) => good && order > from.order && order < to.order),
      );
      return unchecked && say(unchecked.to);
    },
  },
  {
    sentence: 'No double step: an interval lies between two steps, and each is one stepWeight.',
    contradiction: (trace, schedule) => {
      if (holds(schedule, 'clockForward', 'clockBack')) return undefined;
      const early = checkedSteps(trace).find(({ from, to }) => {
        // who waits for values looks more often, and does not step meanwhile
        const last = trace.stands.findLast(
          ({ order, status }) => order <= from.order && status.noDataSince === undefined,
        );
        const span = checkedAt(to) - checkedAt(last ?? from);
        const interval = span < trace.intervalMs * 0.9 && to.status.failedChecks === from.status.failedChecks;
        const twice = weightOf(to) - weightOf(from) > stepWeight && weightOf(to) < 100;
        return interval || twice;
      });
      return early && `${say(early.from)}, then ${say(early.to)}`;
    },
  },
  {
    sentence: 'A canary by weights never gets more than maxWeight while the primary serves.',
    contradiction: ({ stands, traffic }) => {
      if (stands.some(({ status }) => (status.iterations ?? 0) > 0)) return undefined;
      const over = transitionsTo(stands, maxWeight).find(
        ({ order }) => traffic.findLast((sample) => sample.order < order)?.primaryServes,
      );
      return over && `${say(over)}; traffic ${JSON.stringify(traffic.at(-1))}`;
    },
  },
  {
    sentence: 'Failed checks never pass the threshold.',
    contradiction: ({ stands }) => {
      const over = stands.find(({ status }) => (status.failedChecks ?? 0) > 3);
      return over && say(over);
    },
  },
];

const aboutPromotion: readonly Invariant[] = [
  {
    sentence: 'Never two promotions of one run.',
    contradiction: (trace) => {
      let promotions = 0;
      for (const change of transitions(trace)) {
        if (startsRun(change)) promotions = 0;
        if (phaseOf(change.to) === 'Promoting' && phaseOf(change.from) !== 'Promoting') promotions += 1;
        if (promotions > 1) return say(change.to);
      }
      return undefined;
    },
  },
  {
    sentence: 'The primary never gets a template that was not analysed, unless somebody asked for that.',
    contradiction: (trace, schedule) => {
      if (isShortened(trace, schedule)) return undefined;
      const { primaries, targets, checks } = trace;
      const blind = primaries.slice(1).find(({ tag, order }) => {
        const given = targets.findLast((target) => target.tag === tag && target.order < order);
        const passed = checks.filter(
          (check) =>
            check.good && check.tag === tag && given && check.order > given.order && check.order < order,
        );
        return passed.length < 2;
      });
      return blind && `${timeOf(blind.at)} the primary got ${blind.tag}`;
    },
  },
  {
    sentence: 'Succeeded means that the primary runs what the target runs.',
    contradiction: ({ stands, primaries, targets, primaryConfig }) => {
      const last = stands.at(-1);
      const [primary, target] = [primaries.at(-1)?.tag, targets.at(-1)?.tag];
      if (!last || phaseOf(last) !== 'Succeeded') return undefined;
      const same = primary === target && (primaryConfig ?? primary) === primary;
      return same ? undefined : `the primary runs ${primary} with ${primaryConfig}, the target ${target}`;
    },
  },
];

const aboutPhases: readonly Invariant[] = [
  {
    sentence: 'A terminal phase is reached in bounded time.',
    // nobody but whoever paused it ends a pause
    contradiction: ({ ended, stands }) =>
      ended || stands.at(-1)?.status.paused ? undefined : say(stands.at(-1)!),
  },
  {
    sentence: 'Each phase follows one that it may follow.',
    contradiction: (trace, schedule) => {
      const atOnce = holds(schedule, 'promoteFully');
      const odd = transitions(trace).find(({ from, to }) => {
        const [before, after] = [phaseOf(from), phaseOf(to)];
        if (before === 'Waiting' && after === 'Promoting' && atOnce) return false;
        return before !== after && after !== 'Terminating' && !successors[before].includes(after);
      });
      return odd && `${say(odd.from)}, then ${say(odd.to)}`;
    },
  },
  {
    sentence: 'No rollout without a new revision or a retry.',
    contradiction: (trace, schedule) => {
      const after = firstInitialized(trace);
      const asked = (what: string) => what === 'retry';
      const retries =
        trace.turns.filter(asked).length + schedule.incidents.filter(({ what }) => asked(what)).length;
      // a config and the template that reads it are two changes, seen one after the other
      const changes = trace.primaryConfig === undefined ? 1 : 2;
      const releases = trace.targets.slice(1).length * changes + retries;
      const starts = transitions(trace).filter(({ from, to }) => to.order > after && startsRun({ from, to }));
      if (starts.length <= releases) return undefined;
      return `${starts.length} runs of ${releases} releases; the last: ${say(starts.at(-1)!.to)}`;
    },
  },
  {
    sentence: 'At rest nothing is written.',
    contradiction: ({ restlessWrites }) =>
      restlessWrites === 0 ? undefined : `${restlessWrites} writes in a minute`,
  },
];

const secretTraces = tracesOf(secretWord);

const aboutWords: readonly Invariant[] = [
  {
    sentence: 'No Secret value in any log, event or status.',
    contradiction: ({ words }) => {
      const at = Math.max(...secretTraces.map((trace) => words.indexOf(trace)));
      return at < 0 ? undefined : words.slice(Math.max(0, at - 200), at + 100);
    },
  },
];

export const invariants: readonly Invariant[] = [
  ...aboutTraffic,
  ...aboutRoutes,
  ...aboutSteps,
  ...aboutPromotion,
  ...aboutPhases,
  ...aboutWords,
  ...aboutAlerts,
];

export interface Violation {
  readonly sentence: string;
  readonly contradiction: string;
}

export function violations(trace: Trace, schedule: Schedule): Violation[] {
  return invariants.flatMap(({ sentence, contradiction }) => {
    const found = contradiction(trace, schedule);
    return found === undefined ? [] : [{ sentence, contradiction: found }];
  });
}
