import type { Canary } from '../../api/canary.js';
import { apiVersion, type ObjectMeta } from '../../api/kinds.js';
import { isOwnedBy, ownedBy } from '../../api/ownership.js';
import type { Objects } from '../../ports/objects.js';
import { mergePatch } from '../mergePatch.js';
import type { Blueprint, RoutingObject } from './blueprint.js';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Flagger's annotation for the spec that a taken-over object had before. */
const original = 'flagger.kubernetes.io/original-configuration';

export interface Writer {
  /** Creates the object or makes it agree with the blueprint. True when something was written. */
  ensure(canary: Canary, blueprint: Blueprint): Promise<boolean>;
  /** Gives an object that perch took over the spec that it had before; what perch made goes with the Canary. */
  revert(canary: Canary, blueprint: Blueprint): Promise<void>;
}

interface Shape {
  readonly metadata: Pick<ObjectMeta, 'labels' | 'annotations'>;
  readonly spec: unknown;
}

/**
 * Writes routing objects. Whatever the API server adds to a spec by itself (defaults of its schema) would look like
 * somebody's edit; so what came of the last write is remembered, and is no reason for another one.
 */
export function createWriter(objects: Objects): Writer {
  const accepted = new Map<string, string>();
  return {
    async ensure(canary, blueprint) {
      const { kind, key } = blueprint;
      const id = `${kind.kind}/${key.namespace}/${key.name}`;
      const live = objects.read(kind, key) as RoutingObject | undefined;
      if (!live) {
        const made = newObject(canary, blueprint);
        const answer = (await objects.create(kind, made)) as RoutingObject;
        accepted.set(id, JSON.stringify([shapeOf(made), shapeOf(answer)]));
        return true;
      }
      const wanted = wantedOf(canary, live, blueprint);
      const patch = mergePatch(shapeOf(live), wanted);
      if (patch === undefined || accepted.get(id) === JSON.stringify([wanted, shapeOf(live)])) return false;
      const answer = (await objects.patch(kind, key, 'merge', patch)) as RoutingObject;
      accepted.set(id, JSON.stringify([wanted, shapeOf(answer)]));
      return true;
    },
    async revert(canary, { kind, key }) {
      const live = objects.read(kind, key) as RoutingObject | undefined;
      if (!live || isOwnedBy(canary, live)) return;
      const spec = specBefore(live);
      if (spec === undefined) return;
      const { [original]: _, ...annotations } = live.metadata.annotations ?? {};
      const patch = mergePatch(shapeOf(live), { ...shapeOf(live), metadata: { labels: live.metadata.labels ?? {}, annotations }, spec });
      if (patch !== undefined) await objects.patch(kind, key, 'merge', patch);
    },
  };
}

function newObject(canary: Canary, { kind, key, labels, annotations, spec }: Blueprint): RoutingObject {
  return {
    apiVersion: apiVersion(kind),
    kind: kind.kind,
    metadata: {
      name: key.name,
      ...(kind.namespaced && { namespace: key.namespace, ownerReferences: ownedBy(canary) }),
      ...(labels && { labels: { ...labels } }),
      ...(annotations && { annotations: { ...annotations } }),
    },
    spec: { ...spec },
  };
}

/** Labels and annotations of others stay, as some gateways keep notes there. */
function wantedOf(canary: Canary, live: RoutingObject, blueprint: Blueprint): Shape {
  const { labels = {}, annotations = {} } = live.metadata;
  const taken = blueprint.kind.namespaced && !isOwnedBy(canary, live);
  const kept = taken && !annotations[lastApplied] && !annotations[original];
  return {
    metadata: {
      labels: { ...labels, ...blueprint.labels },
      annotations: {
        ...annotations,
        ...blueprint.annotations,
        ...(kept && { [original]: JSON.stringify(live.spec ?? {}) }),
      },
    },
    spec: blueprint.spec,
  };
}

function shapeOf({ metadata, spec }: RoutingObject): Shape {
  return { metadata: { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} }, spec: spec ?? {} };
}

/** What `kubectl apply` or perch wrote down when the object was still the user's alone. */
function specBefore({ metadata }: RoutingObject): unknown {
  const applied = metadata.annotations?.[lastApplied];
  if (applied !== undefined) return (JSON.parse(applied) as RoutingObject).spec;
  const kept = metadata.annotations?.[original];
  return kept === undefined ? undefined : JSON.parse(kept);
}
