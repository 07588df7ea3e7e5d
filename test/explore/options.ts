import { availableParallelism } from 'node:os';
import { PerchError } from '../../lib/api/errors.js';
import { invariants } from './invariants.js';

export interface Options {
  /** Infinity when only the number of schedules ends it. */
  readonly seconds: number;
  /** How many to try at most; Infinity when only the time ends it. */
  readonly schedules: number;
  readonly seed: number;
  /** Findings after which to stop. */
  readonly findings: number;
  readonly workers: number;
  readonly random: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

const defaults: Readonly<Record<string, string>> = {
  '--seconds': '',
  '--schedules': '',
  '--seed': '1',
  '--findings': '1',
  '--workers': String(availableParallelism()),
};
const switches = ['--random', '--json', '--help'];

export const help = `npm run explore -- [--seconds 120] [--schedules N] [--seed NUMBER|COMMIT] [--workers ${defaults['--workers']}] [--findings 1] [--random] [--json]

Plays schedules of faults on the virtual cluster with the real engine: first every crash point of every scenario (not
with --random), then random schedules, and says which of ${invariants.length} invariants did not hold, with the shrunk schedule and its seed.

--seconds   for how long; Ctrl-C ends it before, with what was tried until then
--schedules until so many were tried, however long that takes unless --seconds is given too
--seed      a number of up to nine digits, or a commit; the same seed draws the same schedules, whatever the workers
--workers   processes that share them; one a core unless said otherwise
--findings  ends after so many schedules that violate something
--json      one object on stdout; how far it is goes to stderr, as always

Ends with 0 when every invariant held, with 1 when one did not, with 2 when it could not run.`;

/** Throws EXPLORE_OPTION for what it does not understand. */
export function readOptions(argv: readonly string[]): Options {
  const given = new Map(Object.entries(defaults));
  const switched = new Set<string>();
  for (let at = 0; at < argv.length; at++) {
    const [name = '', inline] = (argv[at] ?? '').split(/=(.*)/s);
    if (inline === undefined && switches.includes(name)) {
      switched.add(name);
      continue;
    }
    if (!given.has(name)) throw unreadable(name, 'one of its options', argv[at] ?? '');
    const value = inline ?? argv[++at];
    if (value === undefined) throw unreadable(name, 'a value', 'none');
    given.set(name, value);
  }
  const value = (name: string): string => given.get(name) ?? '';
  const whole = (name: string, most: number): number => {
    const number = Number(value(name));
    if (Number.isSafeInteger(number) && number >= 1 && number <= most) return number;
    throw unreadable(name, `a whole number from 1 to ${most}`, value(name));
  };
  const endless = Number.POSITIVE_INFINITY;
  const schedules = value('--schedules') === '' ? endless : whole('--schedules', 1_000_000_000);
  const otherwise = schedules === endless ? '120' : 'Infinity';
  const seconds = Number(given.get('--seconds') || otherwise);
  if (!(seconds > 0)) throw unreadable('--seconds', 'a number above 0', value('--seconds'));
  return {
    seconds,
    schedules,
    seed: seedOf(value('--seed')),
    findings: whole('--findings', 1_000),
    workers: whole('--workers', 256),
    random: switched.has('--random'),
    json: switched.has('--json'),
    help: switched.has('--help'),
  };
}

/** A number, or the first digits of a commit. */
function seedOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  if (/^[0-9a-f]{7,40}$/i.test(text)) return Number.parseInt(text.slice(0, 7), 16);
  throw unreadable('--seed', 'a number of up to nine digits, or a commit', text);
}

function unreadable(option: string, expected: string, given: string): PerchError {
  return new PerchError({
    code: 'EXPLORE_OPTION',
    message: `${option}: expected ${expected}, was given ${given || 'nothing'}`,
    remedy: 'see npm run explore -- --help',
    path: option,
  });
}
