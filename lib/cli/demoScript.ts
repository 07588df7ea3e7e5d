import { PerchError } from '../api/errors.js';
import type { Behaviour } from '../sim/models/behaviours.js';
import type { Stage } from '../testing/stage.js';
import { Chronicle, type Moment } from './demoMoment.js';

interface Scene {
  readonly title: (image: string) => string;
  readonly behaviour: Behaviour;
  readonly ends: 'Succeeded' | 'Failed';
  /** What must have been said on the way. */
  readonly because?: RegExp;
}

const scenes: readonly Scene[] = [
  { title: (image) => `${image} is released: a healthy version`, behaviour: {}, ends: 'Succeeded' },
  {
    title: (image) => `${image} is released: it answers 5 % of its requests with errors`,
    behaviour: { errorRate: 0.05 },
    ends: 'Failed',
    because: /success rate/,
  },
  {
    title: (image) => `${image} is released: half of its answers take 0.8 seconds and more`,
    behaviour: { medianMs: 800, p99Ms: 2000 },
    ends: 'Failed',
    because: /latency|duration/,
  },
];

/** Between two releases: what the last one did has left the minute that the checks look at. */
const restMs = 70_000;

/** Virtual time that a release gets. */
const patienceMs = 60 * 60_000;

/** `podinfo:6.9.0` → `podinfo:6.9.1`; a tag that does not end in a number gets `-1`. */
export function nextImage(image: string): string {
  const found = /^(.*:[^/]*?)(\d+)$/.exec(image);
  return found ? `${found[1]}${Number(found[2]) + 1}` : `${image}-1`;
}

/** Lets the world run until the canary's phase is one of these, and notes what happens. */
async function runUntil(stage: Stage, chronicle: Chronicle, phases: readonly string[]): Promise<string> {
  const limit = stage.world.clock.now() + patienceMs;
  let phase = stage.phase();
  while (!phases.includes(phase) && stage.world.clock.now() < limit) {
    await stage.world.clock.advance(200);
    await chronicle.catchUp();
    phase = stage.phase();
  }
  await stage.world.clock.advance(1000);
  await chronicle.catchUp();
  return phase;
}

function unexpected(scene: string, message: string): PerchError {
  return new PerchError({
    code: 'DEMO_OUTCOME',
    message: `${scene}: ${message}`,
    remedy:
      'the lines above say what was decided and why; examples/podinfo shows a policy that catches both faults',
  });
}

export interface Performance {
  readonly moments: readonly Moment[];
  /** When a release did not end as it should. */
  readonly failure?: PerchError;
}

/** The three releases, one after the other. */
export async function perform(stage: Stage): Promise<Performance> {
  const chronicle = new Chronicle(stage);
  await chronicle.scene(`${stage.image} is deployed, with its canary`);
  const phase = await runUntil(stage, chronicle, ['Initialized']);
  if (phase !== 'Initialized')
    return {
      moments: chronicle.moments,
      failure: unexpected(stage.image, `expected phase Initialized, got ${phase}`),
    };
  let image = stage.image;
  for (const scene of scenes) {
    image = nextImage(image);
    const before = chronicle.moments.length;
    stage.world.behave(image, scene.behaviour);
    await chronicle.scene(scene.title(image));
    stage.world.setImage(stage.namespace, stage.target, image);
    await runUntil(stage, chronicle, ['Progressing', 'Waiting']);
    const ended = await runUntil(stage, chronicle, ['Succeeded', 'Failed']);
    const said = chronicle.moments.slice(before).map(({ text }) => text);
    await stage.world.clock.advance(restMs);
    const failure = judge(scene, image, ended, said);
    if (failure) return { moments: chronicle.moments, failure };
  }
  return { moments: chronicle.moments };
}

function judge(scene: Scene, image: string, ended: string, said: readonly string[]): PerchError | undefined {
  if (ended !== scene.ends) return unexpected(image, `expected phase ${scene.ends}, got ${ended}`);
  const { because } = scene;
  const halts = said.filter((text) => text.startsWith('Halt'));
  if (because && !halts.some((text) => because.test(text)))
    return unexpected(
      image,
      `expected a check that fails by ${because.source}, got ${halts.join('; ') || 'none'}`,
    );
  return undefined;
}
