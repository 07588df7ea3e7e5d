import { Canaries, type Canary } from '../api/canary.js';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import { titleOf } from '../deploy/manifest.js';
import type { Placed } from './parseObjects.js';

/**
 * Throws SYNTH_OBJECT_TWICE for an object that is there twice, of which the last would silently win, and
 * SYNTH_TARGET_TWICE for two Canaries of one target, whose releases would undo each other.
 */
export function refuseTwins(objects: readonly Placed[]): void {
  refuse(objects, identityOf, (twin) => ({
    code: 'SYNTH_OBJECT_TWICE',
    expected: titleOf(twin),
    remedy: 'take one of them out, or give it another name or namespace',
  }));
  refuse(objects, targetOf, (twin) => ({
    code: 'SYNTH_TARGET_TWICE',
    expected: `a Canary of ${targetOf(twin)}`,
    remedy: 'take one of the Canaries out, or give it a target of its own',
  }));
}

function refuse(
  objects: readonly Placed[],
  keyOf: (object: KubeObject) => string | undefined,
  explain: (twin: KubeObject) => {
    readonly code: string;
    readonly expected: string;
    readonly remedy: string;
  },
): void {
  const places = new Map<string, string>();
  for (const { object, place } of objects) {
    const key = keyOf(object);
    if (key === undefined) continue;
    const first = places.get(key);
    if (first === undefined) {
      places.set(key, place);
      continue;
    }
    const { code, expected, remedy } = explain(object);
    throw new PerchError({
      code,
      message: `expected ${expected} once, got it at ${first} and at ${place}`,
      remedy,
      path: place,
    });
  }
}

/** Two versions of a kind are two views of one object. */
function identityOf({ apiVersion = '', kind, metadata }: KubeObject): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, metadata.namespace ?? '', metadata.name].join(' ');
}

function targetOf(object: KubeObject): string | undefined {
  const { kind, apiVersion, metadata, spec } = object as Partial<Canary>;
  if (kind !== Canaries.kind || !apiVersion?.startsWith(`${Canaries.group}/`)) return undefined;
  const target = spec?.targetRef;
  return target && `${target.kind} ${metadata?.namespace ? `${metadata.namespace}/` : ''}${target.name}`;
}
