import { PerchError } from '../../lib/api/errors.js';
import { faults } from './faults.js';

export const parts = ['load', 'faults', 'days'] as const;
export type Part = (typeof parts)[number];

export interface Options {
  readonly only: Part | undefined;
  readonly canaries: number;
  /** How many the canaries are spread over. */
  readonly namespaces: number;
  readonly released: number;
  readonly windowSeconds: number;
  /** Which applications have a pod. */
  readonly pods: 'all' | 'released';
  /** Is what the control plane takes by itself measured first? */
  readonly floor: boolean;
  readonly rollouts: number;
  /** Names of faults. */
  readonly faults: readonly string[];
  readonly days: number;
  /** For the controller, beside those that the soak gives it. */
  readonly flags: readonly string[];
  /** Limit of the controller's memory, MiB. */
  readonly memoryMiB: number | undefined;
  /** Milliseconds that steps may be late at p99. */
  readonly lateMs: number;
  readonly json: boolean;
}

const defaults = {
  '--only': '',
  '--canaries': '1000',
  '--namespaces': '20',
  '--released': '200',
  '--window': '60',
  '--pods': 'all',
  '--rollouts': '50',
  '--fault': faults.map(({ name }) => name).join(','),
  '--days': '127',
  '--flags': '',
  '--late': '500',
  '--memory': '',
};

export const help = `npm run soak -- [--only ${parts.join('|')}] [--json]

load: perch controller on a control plane of its own (etcd, API server, controller manager, scheduler, kwok) with
  --canaries ${defaults['--canaries']} canaries in --namespaces ${defaults['--namespaces']}, watched idle for --window ${defaults['--window']} s; then --released ${defaults['--released']} are released at once. With --pods released the others ask for none: most of a small machine's time goes into their pods.
  With --floor what the control plane takes for the same objects without a controller of releases is measured first, and told beside it.
faults: --rollouts ${defaults['--rollouts']} at once under each --fault of ${faults.map(({ name }) => name).join(', ')}.
days: --days ${defaults['--days']} of 100 canaries, each released daily, in virtual time.
--flags '-kubeconfig-qps=100': more flags for the controller.
--memory 256: load's controller runs under a limit of so many MiB, as in a pod; needs root.
--late ${defaults['--late']}: milliseconds that steps may be late at p99; more where the machine is busy with other things.

Ends with 0 when every figure and every rollout is as it should be, with 1 otherwise, with 2 when it cannot run.`;

/** Throws SOAK_OPTION for what it does not understand. */
export function readOptions(argv: readonly string[]): Options {
  const given = new Map(Object.entries(defaults));
  const switches = new Set<string>();
  for (let at = 0; at < argv.length; at++) {
    const [name = '', inline] = (argv[at] ?? '').split(/=(.*)/s);
    if (name === '--json' || name === '--floor') {
      switches.add(name);
      continue;
    }
    if (!given.has(name))
      throw unreadable(name, `one of ${[...given.keys(), '--floor', '--json', '--help'].join(', ')}`, name);
    const value = inline ?? argv[++at];
    if (value === undefined) throw unreadable(name, 'a value', 'none');
    given.set(name, value);
  }
  const value = (name: keyof typeof defaults): string => given.get(name) ?? '';
  const whole = (name: keyof typeof defaults): number => {
    const number = Number(value(name));
    if (!Number.isSafeInteger(number) || number < 1)
      throw unreadable(name, 'a whole number above 0', value(name));
    return number;
  };
  const [canaries, released] = [whole('--canaries'), whole('--released')];
  return {
    only: value('--only') === '' ? undefined : choose('--only', parts, value('--only')),
    canaries,
    namespaces: whole('--namespaces'),
    released: Math.min(canaries, released),
    windowSeconds: whole('--window'),
    pods: choose('--pods', ['all', 'released'], value('--pods')),
    floor: switches.has('--floor'),
    rollouts: whole('--rollouts'),
    faults: value('--fault')
      .split(',')
      .map((name) =>
        choose(
          '--fault',
          faults.map((fault) => fault.name),
          name,
        ),
      ),
    days: whole('--days'),
    flags: value('--flags').split(' ').filter(Boolean),
    lateMs: whole('--late'),
    memoryMiB: value('--memory') === '' ? undefined : whole('--memory'),
    json: switches.has('--json'),
  };
}

function choose<T extends string>(option: string, known: readonly T[], given: string): T {
  const found = known.find((each) => each === given);
  if (found === undefined) throw unreadable(option, `one of ${known.join(', ')}`, given);
  return found;
}

function unreadable(option: string, expected: string, given: string): PerchError {
  return new PerchError({
    code: 'SOAK_OPTION',
    message: `${option}: expected ${expected}, was given ${given}`,
    remedy: 'see npm run soak -- --help',
    path: option,
  });
}
