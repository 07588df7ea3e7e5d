import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import { traffic } from '../testing/models/traffic.js';
import { type Stage, setStage } from '../testing/stage.js';
import { findRelease } from './release.js';

const seed = 'perch demo';
const usersPerSecond = 20;

function missing(what: string, file: string): PerchError {
  return new PerchError({
    code: 'DEMO_STACK_INCOMPLETE',
    message: `expected the program to declare ${what}, found none`,
    remedy: 'declare a whole stack (CanaryPlatform and CanaryApp with a host), as examples/podinfo does',
    path: file,
  });
}

/** The declared stack, whole, on a virtual cluster with users who come through its Ingress. */
export async function setDemoStage(
  objects: readonly KubeObject[],
  file: string,
  canary?: string,
): Promise<Stage> {
  if (!objects.some(({ kind }) => kind === 'Canary')) throw missing('a Canary', file);
  const declared = findRelease(objects, canary);
  if (!declared.controller) throw missing('a controller', file);
  if (!declared.entrance.host) throw missing('an Ingress with a host for the canary', file);
  const users = traffic.steady({ rps: usersPerSecond });
  return setStage(declared, { seed, traffic: users(declared.entrance, 0) });
}
