import type { Behaviour } from '../sim/models/behaviours.js';
import { checkOptions, durationOf, listOf, type Options, refuseValue, spanOf } from './given.js';
import { checkedBehaviour } from './models/behaviour.js';
import type { Fault } from './models/faults.js';
import type { HookModel } from './models/hooks.js';
import type { Operator } from './models/operators.js';
import { type TrafficModel, traffic } from './models/traffic.js';

interface Scraping {
  /** @default 5s */
  readonly scrapeInterval?: string;
  /** From a scrape until queries see it. @default 0s */
  readonly delay?: string;
  readonly gaps?: readonly { readonly from: string; readonly lasting: string }[];
}

export interface SimulationOptions {
  /** Who asks for what. @default traffic.steady({ rps: 20 }) */
  readonly traffic?: TrafficModel;
  /** The same seed gives the same run. @default 1 */
  readonly seed?: number | string;
  /** Name of the Canary, where the source declares several. */
  readonly canary?: string;
  /** How the version behaves that the source declares. @default healthy() */
  readonly behaves?: Behaviour;
  /** How Prometheus scrapes; durations. Gaps count from the simulation's beginning. */
  readonly metrics?: Scraping;
  /** What answers the canary's hooks in place of a load tester. @default - the virtual load tester */
  readonly hooks?: readonly HookModel[];
  /** What goes wrong between the controller and the API server. @default - nothing */
  readonly faults?: readonly Fault[];
  /** Virtual time that a release gets. @default 24h */
  readonly limit?: string;
}

export interface Release {
  /** Of the Deployment's first container; another one than it has. */
  readonly image: string;
  /** How the new version behaves. @default healthy() */
  readonly behaves?: Behaviour;
  /** Who does something meanwhile. @default - nobody */
  readonly meanwhile?: readonly Operator[];
}

const simulationOptions: Options<SimulationOptions> = {
  traffic: true,
  seed: true,
  canary: true,
  behaves: true,
  metrics: true,
  hooks: true,
  faults: true,
  limit: true,
};
const releaseOptions: Options<Release> = { image: true, behaves: true, meanwhile: true };

/** The options as numbers, with what is left out filled in. */
export function readOptions(given: SimulationOptions) {
  checkOptions(given, 'simulate', simulationOptions);
  const { seed = 1, limit = '24h', hooks = [], faults = [], behaves, metrics = {} } = given;
  const model = given.traffic ?? traffic.steady({ rps: 20 });
  if (typeof model !== 'function')
    refuseValue('simulate.traffic', 'who asks for what', model, 'write traffic.steady({ rps: 50 })');
  if (typeof seed !== 'number' && typeof seed !== 'string')
    refuseValue('simulate.seed', 'a number or a text', seed, 'take the seed that a timeline prints');
  if (behaves) checkedBehaviour(behaves, 'simulate.behaves');
  return {
    ...(given.canary !== undefined && { canary: given.canary }),
    ...(behaves && { behaves }),
    traffic: model,
    seed,
    hooks: listOf(hooks, 'simulate.hooks'),
    faults: listOf(faults, 'simulate.faults'),
    limitMs: spanOf(limit, 'simulate.limit'),
    ...readScraping(metrics),
  };
}

function readScraping(given: Scraping) {
  checkOptions(given, 'simulate.metrics', { scrapeInterval: true, delay: true, gaps: true });
  const { scrapeInterval = '5s', delay = '0s', gaps = [] } = given;
  return {
    scrapeIntervalMs: spanOf(scrapeInterval, 'simulate.metrics.scrapeInterval'),
    scrapeDelayMs: durationOf(delay, 'simulate.metrics.delay'),
    scrapeGaps: listOf(gaps, 'simulate.metrics.gaps').map(({ from, lasting }, at) => {
      const fromMs = durationOf(from, `simulate.metrics.gaps[${at}].from`);
      return { fromMs, toMs: fromMs + spanOf(lasting, `simulate.metrics.gaps[${at}].lasting`) };
    }),
  };
}

/** Throws for a release that could never begin; `current` is the image that the Deployment has. */
export function checkRelease(release: Release, current: string | undefined): void {
  checkOptions(release, 'release', releaseOptions);
  const { image, behaves } = release;
  const meanwhile = listOf(release.meanwhile ?? [], 'release.meanwhile');
  if (typeof image !== 'string' || image === '')
    refuseValue(
      'release.image',
      'an image such as podinfo:6.9.1',
      image,
      'name the version that is released',
    );
  if (image === current && meanwhile.length === 0)
    refuseValue(
      'release.image',
      'another image than the Deployment has',
      image,
      'nothing would be released: name another tag',
    );
  if (behaves !== undefined) checkedBehaviour(behaves, 'release.behaves');
}
