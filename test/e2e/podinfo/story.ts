import { place } from './place.ts';

const canary = `${place.app.name}.${place.app.namespace}`;
const weights = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50];

/** What the tutorials show, word for word. */
export const lines = {
  initialized: `Initialization done! ${canary}`,
  detected: `New revision detected! Scaling up ${canary}`,
  started: `Starting canary analysis for ${canary}`,
  accepted: 'Pre-rollout check acceptance-test passed',
  advanced: weights.map((weight) => `Advance ${canary} canary weight ${weight}`),
  copying: `Copying ${canary} template spec to podinfo-primary.test`,
  routing: 'Routing all traffic to primary',
  promoted: `Promotion completed! Scaling down ${canary}`,
  rollingBack: (failed: number) => `Rolling back ${canary} failed checks threshold reached ${failed}`,
  scaledDown: `Canary failed! Scaling down ${canary}`,
} as const;

/** Every line of a promotion, in order. */
export const promotion: readonly string[] = [
  lines.detected,
  lines.started,
  lines.accepted,
  ...lines.advanced,
  lines.copying,
  lines.routing,
  lines.promoted,
];

export const weightSteps: readonly number[] = weights;

/** Throws unless each line was said once, and in this order; others may stand between them. */
export function expectStory(said: readonly string[], expected: readonly string[]): void {
  const relevant = said.filter((message) => expected.includes(message));
  if (relevant.join('\n') === expected.join('\n')) return;
  throw new Error(`expected the events\n${expected.join('\n')}\ngot\n${said.join('\n')}`);
}
