import type { Kubectl } from '../kubectl.ts';
import { until } from '../wait.ts';
import { openGate } from './audience.ts';
import { imageOf, place } from './place.ts';
import type { Recorder } from './recorder.ts';
import type { Line, Move, Story } from './story.ts';

const limitMs = 240_000;
const ending = /^(Promotion completed!|Canary failed!)/;

/** Releases the story's version and makes its moves; resolves with what was said when it is over. */
export async function perform(kubectl: Kubectl, seen: Recorder, story: Story): Promise<Line[]> {
  const { name, version, moves = [], ends } = story;
  await setImage(kubectl, name, version);
  for (const move of moves) {
    const isTime = () => {
      const { phase, weight } = seen.standing(name);
      return (move.at.phase ?? phase) === phase && (move.at.weight ?? weight) === weight;
    };
    await until(`${name} to be at ${JSON.stringify(move.at)}`, limitMs, isTime);
    await make(kubectl, name, move);
  }
  const isOver = () =>
    seen.standing(name).phase === ends && seen.said(name).some((text) => ending.test(text));
  await until(`${name} to end as ${ends}`, limitMs, isOver).catch((error: Error) => {
    throw new Error(`${error.message}; it said\n${seen.said(name).join('\n')}`);
  });
  return seen.lines(name);
}

async function setImage(kubectl: Kubectl, name: string, version: string): Promise<void> {
  await kubectl([
    '-n',
    place.namespace,
    'set',
    'image',
    `deployment/${name}`,
    `podinfod=${imageOf(version)}`,
  ]);
}

async function make(kubectl: Kubectl, name: string, move: Move): Promise<void> {
  if ('release' in move) return setImage(kubectl, name, move.release);
  if ('open' in move) return openGate(kubectl, move.open);
  const request = JSON.stringify({ id: `${move.ask}-1`, verb: move.ask, by: 'operator' });
  const annotation = `perch.dev/control=${request}`;
  await kubectl(['-n', place.namespace, 'annotate', '--overwrite', `canary/${name}`, annotation]);
}
