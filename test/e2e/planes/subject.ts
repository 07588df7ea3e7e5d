import type { Kubectl } from '../kubectl.ts';
import { until } from '../wait.ts';
import type { Fault } from './application.ts';
import { place } from './place.ts';
import { hostOf, type Plane } from './plane.ts';
import { createDoor, type Door } from './shares.ts';
import type { Sight, View } from './sight.ts';

const RELEASE_MS = 180_000;
/** How the last event of a release begins. */
const lastWords = { Succeeded: 'Promotion completed!', Failed: 'Canary failed!' } as const;

/** A canary behind a proxy, and what its user does. */
export interface Subject {
  readonly plane: Plane;
  readonly address: string;
  readonly door: Door;
  readonly seen: View;
  readonly kubectl: Kubectl;
  /** `perch <verb> <canary>` as a user types it. */
  perch(verb: string, ...flags: string[]): Promise<string>;
  /** A new revision, which the controller sees. */
  release(fault?: Fault): Promise<void>;
  /** Fields of `spec.analysis`; null takes one away. */
  analyse(analysis: Readonly<Record<string, unknown>>): Promise<void>;
  /** Waits for the weight, and holds the release there. */
  holdAt(weight: number): Promise<void>;
  endIn(phase: 'Succeeded' | 'Failed'): Promise<void>;
}

export interface SubjectParts {
  readonly plane: Plane;
  readonly address: string;
  readonly kubectl: Kubectl;
  readonly sight: Sight;
  runPerch(args: readonly string[]): Promise<string>;
}

export function createSubject({ plane, address, kubectl, sight, runPerch }: SubjectParts): Subject {
  const { name } = plane;
  const seen = sight.of(name);
  const here = ['-n', place.apps];
  let revision = 1;
  const wait = (what: string, ask: () => boolean) =>
    until(what, RELEASE_MS, ask).catch((error: Error) => {
      throw new Error(`${error.message}; ${JSON.stringify(seen.status)} and events\n${seen.said.join('\n')}`);
    });
  const perch = (verb: string, ...flags: string[]) => runPerch([verb, name, ...here, ...flags]);
  return {
    plane,
    address,
    kubectl,
    seen,
    door: createDoor(name, address, hostOf(plane)),
    perch,
    async release(fault) {
      seen.forget();
      revision += 1;
      const values = [`REVISION=${revision}`, `FAULT=${fault ?? ''}`];
      await kubectl([...here, 'set', 'env', `deployment/${name}`, ...values]);
      await wait('the new revision to be seen', () => seen.status.phase === 'Progressing');
    },
    async analyse(analysis) {
      const patch = JSON.stringify({ spec: { analysis } });
      await kubectl([...here, 'patch', 'canary', name, '--type=merge', '-p', patch]);
    },
    async holdAt(weight) {
      await wait(`weight ${weight}`, () => seen.status.canaryWeight === weight);
      await perch('pause', '--reason', 'its share is measured');
      await wait('the pause', () => seen.status.paused !== undefined);
      if (seen.status.canaryWeight === weight) return;
      throw new Error(`expected the pause at weight ${weight}, it came at ${seen.status.canaryWeight}`);
    },
    async endIn(phase) {
      await wait(
        'the release to be over',
        () => seen.status.phase === 'Succeeded' || seen.status.phase === 'Failed',
      );
      if (seen.status.phase !== phase) {
        throw new Error(
          `expected phase ${phase}, got ${seen.status.phase} and events\n${seen.said.join('\n')}`,
        );
      }
      // events come after the status and in order: with the last one none is left that the next release would be given
      await wait('its end to be told', () =>
        seen.said.some((message) => message.startsWith(lastWords[phase])),
      );
    },
  };
}
