import { Canaries } from '../../lib/api/canary.js';
import type { HttpResponse } from '../../lib/ports/http.js';
import type { WorldState } from '../../lib/sim/state.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { namespace, release } from '../sim/podinfo.js';
import type { Scenario } from './scenarios.js';
import { objectsOf, targetKind } from './stack.js';
import { tagOf } from './witness.js';

const key = { namespace, name: 'podinfo' };
const initialisedWithinMs = 20 * 60_000;
/** Queries are answered below, so nobody reads what would be scraped. */
const scrapeIntervalMs = 24 * 3_600_000;

function vector(value: number): HttpResponse {
  const data = { resultType: 'vector', result: [{ metric: {}, value: [0, String(value)] }] };
  return { status: 200, headers: {}, body: JSON.stringify({ status: 'success', data }) };
}

/** The scenario's cluster, from its beginning or from a state; `checked` hears of each value that is asked for. */
export function clusterOf(
  scenario: Scenario,
  checked: (tag: string, good: boolean) => void = () => {},
  state?: WorldState,
): World {
  const world = createWorld({
    ...{ bookmarkIntervalMs: 30_000, historyLimit: 500, scrapeIntervalMs },
    ...(state && { state, seed: 'release' }),
  });
  if (!state) world.apply(objectsOf(scenario));
  world.behave(release('6.9.1'), scenario.version === 'neverReady' ? { health: 'neverReady' } : {});
  world.answer((request) => {
    if (!request.url.includes('/api/v1/query')) return undefined;
    if (decodeURIComponent(request.url).includes('vector(1)')) return vector(1);
    const tag = tagOf(world.read(targetKind(scenario), key));
    const good = scenario.version !== 'failing' || tag !== '6.9.1';
    checked(tag, good);
    return vector(good ? 100 : 50);
  });
  return world;
}

async function initialise(scenario: Scenario): Promise<WorldState> {
  const world = clusterOf(scenario);
  // the app serves before anybody puts it under a canary
  await world.clock.advance(10_000);
  await world.startController();
  await world.clock.runUntil(
    () => world.read(Canaries, key)?.status?.phase === 'Initialized',
    initialisedWithinMs,
  );
  // rolled out, and nothing on its way
  await world.clock.advance(30_000);
  return world.state();
}

const states = new WeakMap<Scenario, Promise<WorldState>>();

/** The scenario's cluster with its canary initialised: made once, and the ground of each schedule. */
export function initialised(scenario: Scenario): Promise<WorldState> {
  const state = states.get(scenario) ?? initialise(scenario);
  states.set(scenario, state);
  return state;
}
