import { type Violation, violations } from '../explore/invariants.js';
import type { Incident } from '../explore/schedule.js';
import type { Trace, Traffic } from '../explore/trace.js';
import type { AlertTarget } from './alertTarget.js';
import type { Pages } from './chronicle.js';
import type { Stage } from './stage.js';

export interface Judgement {
  readonly ended: boolean;
  readonly succeeded: number;
  readonly rolledBack: number;
  /** Canaries that ended otherwise than their versions call for. */
  readonly wrong: readonly string[];
  readonly violations: readonly (Violation & { readonly canary: string })[];
}

export interface Witnessed {
  readonly stage: Stage;
  readonly alerts: AlertTarget;
  readonly lines: readonly string[];
  readonly apps: readonly string[];
  /** Those that got a version which fails its checks. */
  readonly failing: readonly string[];
  readonly ended: boolean;
  readonly restlessWrites: number;
  readonly incidents: readonly Incident[];
}

/** Holds the simulator's invariants against what was written about each canary. */
export function judge(witnessed: Witnessed): Judgement {
  const { stage, apps, failing, ended, incidents } = witnessed;
  const phase = (name: string) => stage.chronicle.of(name).stands.at(-1)?.status.phase;
  const expected = (name: string) => (failing.includes(name) ? 'Failed' : 'Succeeded');
  const schedule = { scenario: 'soak', incidents };
  return {
    ended,
    succeeded: apps.filter((name) => phase(name) === 'Succeeded').length,
    rolledBack: apps.filter((name) => phase(name) === 'Failed').length,
    wrong: apps
      .filter((name) => phase(name) !== expected(name))
      .map(
        (name) => `${name} is ${phase(name)}, not ${expected(name)}: ${lastWords(stage.chronicle.of(name))}`,
      ),
    violations: apps.flatMap((name) =>
      violations(traceOf(witnessed, name), schedule).map((violation) => ({ ...violation, canary: name })),
    ),
  };
}

function lastWords({ events }: Pages): string {
  return events
    .slice(-4)
    .map(({ message }) => message)
    .join('; ');
}

function traceOf({ stage, alerts, lines, ended, restlessWrites }: Witnessed, name: string): Trace {
  const pages = stage.chronicle.of(name);
  const { stands, checks, targets, primaries, events } = pages;
  return {
    ...{ stands, checks, ended, restlessWrites },
    intervalMs: 10_000,
    skipsAnalysis: false,
    turns: [],
    primaryConfig: undefined,
    traffic: trafficOf(pages),
    targets: changes(targets),
    primaries: changes(primaries),
    alerts: alerts.about(name),
    words: JSON.stringify([lines.filter((line) => line.includes(name)), events, stands]),
    deleted: false,
  };
}

/** The first of each tag in a row. */
function changes<T extends { readonly tag: string }>(seen: readonly T[]): T[] {
  return seen.filter(({ tag }, index) => tag !== seen[index - 1]?.tag);
}

/** Where users go, at each moment that a weight or a workload changes: the canary's Ingress takes its share. */
function trafficOf({ weights, targets, primaries }: Pages): Traffic[] {
  const moments = [...weights, ...targets, ...primaries].toSorted((a, b) => a.order - b.order);
  return moments.map(({ order, at }) => {
    const until = <T extends { readonly order: number }>(all: readonly T[]) =>
      all.findLast((each) => each.order <= order);
    const [target, primary] = [until(targets), until(primaries)];
    const share = (until(weights)?.weight ?? 0) / 100;
    const shares = [
      { share, pods: target?.ready ?? 0, tags: [target?.tag ?? ''] },
      { share: 1 - share, pods: primary?.ready ?? 0, tags: [primary?.tag ?? ''] },
    ].filter((each) => each.share > 0);
    const primaryReady = primary?.ready ?? 0;
    return { order, at, shares, ready: (target?.ready ?? 0) + primaryReady, primaryServes: primaryReady > 0 };
  });
}
