import { controlledFields } from '../api/controlledFields.js';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import type { Cluster } from '../ports/cluster.js';
import type { Discovery } from '../ports/discovery.js';
import { type Application, asMember, type Extent, extentOf, readExtent, union } from './applySet.js';
import { inBatches } from './batches.js';
import { resolveKinds } from './kinds.js';
import type { Declared, Item } from './manifest.js';
import { inOrder } from './order.js';
import { findOrphans } from './orphans.js';
import { orRefusal, unlessRefused } from './refusals.js';
import { type Step, tryOut } from './trial.js';

export interface PlanOptions {
  readonly application: Application;
  /** Of objects that name none. */
  readonly namespace: string;
  /** Overwrite what other managers have set. @default false */
  readonly force?: boolean;
  /** Go on with an application that another program has deployed. @default false */
  readonly takeOver?: boolean;
  /** Delete what an earlier deployment made and the program no longer names. @default true */
  readonly prune?: boolean;
}

/** What a deployment would do. */
export interface Plan {
  readonly application: Application;
  /** In the order in which they are applied. */
  readonly steps: readonly Step[];
  /** What will be deleted, in order. */
  readonly orphans: readonly Item[];
  /** Kinds that an earlier deployment had, and that the API server does not serve now. */
  readonly unserved: readonly string[];
  /** Where an earlier deployment may have left objects; undefined for the first. */
  readonly previous: Extent | undefined;
  readonly force: boolean;
  /** Canaries, Deployments and the rest that the program declares. */
  readonly objects: readonly KubeObject[];
}

/** Requests under way at once. */
const WIDTH = 10;

/** Finds out what a deployment would do, by dry runs: all that the API server would refuse is refused here already. */
export async function planDeployment(
  program: readonly Declared[],
  cluster: Cluster & Discovery,
  { application, namespace, force = false, takeOver = false, prune = true }: PlanOptions,
): Promise<Plan> {
  const previous = await readExtent(cluster, application, takeOver);
  const resolved = await resolveKinds(program, cluster, namespace);
  const known = resolved.filter((item): item is Item => !(item instanceof PerchError));
  const unknown = resolved.filter((item) => item instanceof PerchError);
  const items = inOrder(known).map((item) => asMember(item, application));
  const objects = items.map(({ object }) => object);
  const controlled = controlledFields(objects);
  const tried = await inBatches(items, WIDTH, (item) =>
    orRefusal(tryOut(cluster, item, { force, controlled })),
  );
  const steps = unlessRefused([...unknown, ...tried]);
  const { found: orphans, unserved } =
    prune && previous
      ? await findOrphans(cluster, application, previous, items)
      : { found: [], unserved: [] };
  return { application, steps, orphans, unserved, previous, force, objects };
}

/** Does the plan change anything? */
export function changesAnything({ steps, orphans }: Plan): boolean {
  return orphans.length > 0 || steps.some(({ action }) => action !== 'keep');
}

/** Where the objects of this deployment are, and where some may be that could not be looked for. */
export function plannedExtent({ steps, unserved, previous }: Plan): Extent {
  const extent = extentOf(steps.map(({ item }) => item));
  if (!previous || unserved.length === 0) return extent;
  return union(extent, { kinds: unserved, namespaces: previous.namespaces });
}
