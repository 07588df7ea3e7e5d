import { Canaries, type Canary } from '../api/canary.js';
import { apexName } from '../api/defaults.js';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import type { Deployment } from '../api/workloads.js';
import type { RouterModel } from '../sim/routers/model.js';
import { entranceOf, entriesOf } from './doors.js';
import { refuseValue } from './given.js';
import type { TrafficTarget } from './models/traffic.js';

/** The release that a stack declares. */
export interface Declared {
  readonly objects: readonly KubeObject[];
  readonly canary: Canary;
  readonly namespace: string;
  /** Name of the Deployment that is released, its first container, and the image it begins with. */
  readonly target: string;
  readonly container: string;
  readonly image: string;
  /** Where users come in. */
  readonly entrance: TrafficTarget;
  /** The Deployment of perch's controller; undefined when the stack leaves it to another one. */
  readonly controller: Deployment | undefined;
}

export function ofKind<T extends KubeObject>(objects: readonly KubeObject[], kind: string): T[] {
  return objects.filter((object) => object.kind === kind) as T[];
}

/** What a Deployment's first container is started with. */
export function wordsOf({ spec }: Deployment): string[] {
  return (spec.template.spec.containers[0]?.args ?? []) as string[];
}

/** Finds the release among the objects; `name` is the canary's where there are several. */
export function findDeclared(objects: readonly KubeObject[], name?: string): Declared {
  const canary = chooseCanary(ofKind<Canary>(objects, Canaries.kind), name);
  const namespace = canary.metadata.namespace ?? 'default';
  const { kind, name: targetName } = canary.spec.targetRef;
  if (kind !== 'Deployment')
    refuseValue(
      'Canary.spec.targetRef.kind',
      'a Deployment, the one target that a simulation can release',
      kind,
      `try the policy with a Deployment in place of ${targetName}`,
    );
  const deployments = ofKind<Deployment>(objects, 'Deployment');
  const target = deployments.find(
    ({ metadata }) => metadata.name === targetName && (metadata.namespace ?? 'default') === namespace,
  );
  const container = target?.spec.template.spec.containers[0];
  if (!target || !container?.image)
    throw incomplete(`the Deployment ${targetName} of namespace ${namespace}, with an image`);
  return {
    objects,
    canary,
    namespace,
    target: targetName,
    container: container.name,
    image: container.image,
    entrance: entranceOf(objects, canary),
    controller: deployments.find((deployment) => wordsOf(deployment)[0] === 'controller'),
  };
}

function chooseCanary(canaries: readonly Canary[], name: string | undefined): Canary {
  const names = canaries.map(({ metadata }) => metadata.name);
  const [canary, ...others] = name === undefined ? canaries : canaries.filter((_, at) => names[at] === name);
  if (!canary && name !== undefined && names.length > 0)
    throw incomplete(`the Canary ${name}`, names.join(', '));
  if (!canary) throw incomplete('a Canary');
  if (others.length === 0) return canary;
  throw new PerchError({
    code: 'TESTING_CANARY_AMBIGUOUS',
    message: `expected one Canary or the name of one, got ${names.join(', ')}`,
    remedy: 'say which: simulate(source, { canary: "name" })',
  });
}

/** Throws for a stack without what leads users to the release, where that is the user's to declare. */
export function requireEntry({ objects, canary, namespace }: Declared, model: RouterModel | undefined): void {
  const { routeRef } = canary.spec;
  const entries = entriesOf(objects);
  if (
    routeRef &&
    !entries.some(({ door, name }) => door.kind.kind === routeRef.kind && name === routeRef.name)
  )
    throw incomplete(`the ${routeRef.kind} ${routeRef.name} of namespace ${namespace}`);
  const apex = apexName(canary.spec);
  const door = model?.door;
  if (door?.required && !entries.some((entry) => entry.door === door && entry.leadsTo.includes(apex)))
    throw incomplete(`${door.required} ${apex}`);
}

function incomplete(what: string, found = 'none'): PerchError {
  return new PerchError({
    code: 'TESTING_STACK_INCOMPLETE',
    message: `expected the stack to declare ${what}, found ${found}`,
    remedy:
      'declare a CanaryApp (or a Canary, its Deployment and its Ingress or route), as examples/podinfo does',
  });
}
