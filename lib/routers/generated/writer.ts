import type { Canary } from '../../api/canary.js';
import { apiVersion } from '../../api/kinds.js';
import { isOwnedBy, madeForAnnotation as madeFor, ownedBy } from '../../api/ownership.js';
import { isRecord } from '../../api/schema/json.js';
import type { Clock } from '../../ports/clock.js';
import type { Objects } from '../../ports/objects.js';
import { mergePatch } from '../mergePatch.js';
import type { Blueprint, RoutingObject } from './blueprint.js';
import { createIntroductions, introducing } from './introduction.js';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Flagger's annotation for the spec that a taken-over object had before. */
const original = 'flagger.kubernetes.io/original-configuration';

export interface Writer {
  /** Creates the object or makes it agree with the blueprint. True when something was written. */
  ensure(canary: Canary, blueprint: Blueprint): Promise<boolean>;
  /** Gives an object that perch took over the spec that it had before; what perch made goes with the Canary. */
  revert(canary: Canary, blueprint: Blueprint): Promise<void>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Writes routing objects. Whatever the API server adds to a spec by itself (defaults of its schema) would look like
 * somebody's edit; so what came of the last write is remembered, and is no reason for another one.
 */
export function createWriter(objects: Objects, clock: Clock): Writer {
  const introductions = createIntroductions(clock);
  const accepted = new Map<string, string>();
  return {
    async ensure(canary, blueprint) {
      const { kind, key } = blueprint;
      const id = `${kind.kind}/${key.namespace}/${key.name}`;
      const remember = (wanted: Json, answer: RoutingObject) =>
        accepted.set(id, JSON.stringify([wanted, shapeOf(answer, blueprint)]));
      const live = objects.read(kind, key) as RoutingObject | undefined;
      if (!live) {
        const made = newObject(canary, blueprint);
        remember(shapeOf(made, blueprint), (await objects.create(kind, made)) as RoutingObject);
        return true;
      }
      const wanted = wantedOf(canary, live, blueprint);
      const patch = mergePatch(shapeOf(live, blueprint), wanted);
      if (patch === undefined || accepted.get(id) === JSON.stringify([wanted, shapeOf(live, blueprint)])) {
        return false;
      }
      await introduce(blueprint, live, wanted);
      remember(wanted, (await objects.patch(kind, key, 'merge', patch)) as RoutingObject);
      return true;
    },
    async revert(canary, blueprint) {
      const { kind, key } = blueprint;
      const live = objects.read(kind, key) as RoutingObject | undefined;
      if (!live || isOwnedBy(canary, live)) return;
      const { [original]: _, ...annotations } = live.metadata.annotations ?? {};
      if (annotations[madeFor] === nameOf(canary)) return objects.remove(kind, key);
      const spec = specBefore(live);
      if (spec === undefined) return;
      const now = { metadata: { annotations: live.metadata.annotations ?? {} }, spec: live.spec ?? {} };
      const patch = mergePatch(now, { metadata: { annotations }, spec });
      if (patch === undefined) return;
      await introduce(blueprint, live, { ...shapeOf(live, blueprint), spec });
      await objects.patch(kind, key, 'merge', patch);
    },
  };

  /** Throws `routePending` until the object's proxies know what it is about to lead to. */
  async function introduce(blueprint: Blueprint, live: RoutingObject, wanted: Json): Promise<void> {
    const { kind, key, backends } = blueprint;
    if (!backends || !isRecord(wanted.spec)) return;
    const id = `${kind.kind} ${key.name}.${key.namespace}`;
    const inForce = blueprint.isInForce?.(live) ?? true;
    const spec = introductions.before(id, backends, { spec: live.spec ?? {}, inForce }, wanted.spec);
    if (spec === undefined) return;
    await objects.patch(kind, key, 'merge', mergePatch(shapeOf(live, blueprint), { ...wanted, spec }));
    throw introducing(id);
  }
}

function nameOf({ metadata }: Canary): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function newObject(canary: Canary, { kind, key, labels, annotations, spec, beside }: Blueprint): RoutingObject {
  const notes = { ...annotations, ...(!kind.namespaced && { [madeFor]: nameOf(canary) }) };
  return {
    apiVersion: apiVersion(kind),
    kind: kind.kind,
    metadata: {
      name: key.name,
      ...(kind.namespaced && { namespace: key.namespace, ownerReferences: ownedBy(canary) }),
      ...(labels && { labels: { ...labels } }),
      ...(Object.keys(notes).length > 0 && { annotations: notes }),
    },
    ...beside,
    spec: { ...spec },
  };
}

/** Labels and annotations of others stay, as some gateways keep notes there. */
function wantedOf(canary: Canary, live: RoutingObject, blueprint: Blueprint): Json {
  const { labels = {}, annotations = {} } = live.metadata;
  const made = isOwnedBy(canary, live) || annotations[madeFor] === nameOf(canary);
  const keeps = !made && !annotations[lastApplied] && !annotations[original];
  return {
    metadata: {
      labels: { ...labels, ...blueprint.labels },
      annotations: {
        ...annotations,
        ...blueprint.annotations,
        ...(keeps && { [original]: JSON.stringify(live.spec ?? {}) }),
      },
    },
    ...blueprint.beside,
    spec: blueprint.sharesSpec ? overlaid(live.spec ?? {}, blueprint.spec) : blueprint.spec,
  };
}

/** What of an object the writer answers for. */
function shapeOf(object: RoutingObject, { beside = {} }: Blueprint): Json {
  const { metadata, spec = {} } = object;
  const fields: Json = { ...object };
  return {
    metadata: { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {} },
    ...Object.fromEntries(Object.keys(beside).map((field) => [field, fields[field]])),
    spec,
  };
}

/** `under` with the fields of `over`; lists are replaced. */
function overlaid(under: unknown, over: unknown): unknown {
  if (!isRecord(under) || !isRecord(over)) return over;
  const fields = Object.entries(over).map(([name, value]) => [name, overlaid(under[name], value)]);
  return { ...under, ...Object.fromEntries(fields) };
}

/** What `kubectl apply` or perch wrote down when the object was still the user's alone. */
function specBefore({ metadata }: RoutingObject): unknown {
  const applied = metadata.annotations?.[lastApplied];
  if (applied !== undefined) return (JSON.parse(applied) as RoutingObject).spec;
  const kept = metadata.annotations?.[original];
  return kept === undefined ? undefined : JSON.parse(kept);
}
