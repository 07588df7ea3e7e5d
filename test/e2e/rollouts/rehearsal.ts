import { Canaries } from 'perch';
import {
  type HookModel,
  healthy,
  neverReady,
  type Operator,
  operators,
  type Standing,
  simulate,
  type TrafficModel,
  traffic,
} from 'perch/testing';
import { manifestsOf } from './manifests.ts';
import { hooksAddress, imageOf, place } from './place.ts';
import type { Line, Move, Story } from './story.ts';

/** What the simulator makes of a story; `startUps`: milliseconds that the pods of each version take, in turn. */
export async function rehearse(story: Story, startUps: readonly number[] = []): Promise<Line[]> {
  const opened = new Set<string>();
  const simulation = simulate(manifestsOf(story), {
    traffic: visitorsOf(story),
    hooks: [hooksOpenedBy(opened)],
    limit: '10m',
  });
  const world = await simulation.world();
  const standings = new Map<string, { readonly phase: string; readonly weight: number }>();
  const end = new AbortController();
  const { namespace } = place;
  const watching = world.cluster.watch(
    Canaries,
    { namespace, resourceVersion: '0', signal: end.signal },
    (event) => {
      if (event.type === 'BOOKMARK') return;
      const { metadata, status = {} } = event.object;
      const { phase = '', canaryWeight: weight = 0 } = status;
      standings.set(metadata.resourceVersion ?? '', { phase, weight });
    },
  );
  versionsOf(story).forEach((version, turn) => {
    const startsIn = `${startUps[turn] ?? usualMs}ms`;
    world.behave(imageOf(version), story.starts === false ? neverReady() : healthy({ startsIn }));
  });
  const before = world.events().length;
  const beganAt = world.clock.now();
  await simulation.release({
    image: imageOf(story.version),
    meanwhile: movesOf(story.moves ?? [], opened),
  });
  end.abort();
  await watching;
  return world
    .events()
    .slice(before)
    .map(({ message: text = '', involvedObject, firstTimestamp }) => {
      const standing = standings.get(String(involvedObject.resourceVersion));
      if (!standing) throw new Error(`an event of a status that nobody saw: ${text}`);
      return { atMs: Date.parse(String(firstTimestamp)) - beganAt, ...standing, text };
    });
}

const usualMs = 3000;

function versionsOf({ version, moves = [] }: Story): string[] {
  return [version, ...moves.flatMap((move) => ('release' in move ? [move.release] : []))];
}

function visitorsOf({ visitors }: Story): TrafficModel {
  return traffic.all(...visitors.map((some) => traffic.steady(some)));
}

/** Gates are shut until somebody opens them; other hooks pass. */
function hooksOpenedBy(opened: ReadonlySet<string>): HookModel {
  return (world) =>
    world.answer(({ url }) => {
      if (!url.startsWith(hooksAddress)) return undefined;
      const path = url.slice(hooksAddress.length + 1);
      const passes = !path.startsWith('gate/') || opened.has(path);
      return { status: passes ? 200 : 403, headers: {}, body: '' };
    });
}

/** One after the other: each waits until the one before it has been made. */
function movesOf(moves: readonly Move[], opened: Set<string>): Operator[] {
  let made = 0;
  return moves.map((move, turn) => {
    const { does, act } = operatorOf(move, opened);
    const isTime = ({ phase, weight }: Standing) =>
      made === turn && (move.at.phase ?? phase) === phase && (move.at.weight ?? weight) === weight;
    return {
      does,
      isTime,
      async act(world, declared) {
        made += 1;
        await act(world, declared);
      },
    };
  });
}

const now = { after: '0s' };

function operatorOf(move: Move, opened: Set<string>): Operator {
  if ('release' in move) return operators.release(imageOf(move.release), now);
  if ('ask' in move) return operators[move.ask](now);
  return operators.act(`somebody opens ${move.open}`, now, () => {
    opened.add(move.open);
  });
}
