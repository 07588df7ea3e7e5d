import type { ControlledField } from '../api/controlledFields.js';
import { PerchError } from '../api/errors.js';
import type { KubeObject } from '../api/kinds.js';
import { ApiError, type Cluster, unlessMissing } from '../ports/cluster.js';
import { memberLabel } from './applySet.js';
import { conflictsOf } from './conflict.js';
import { differences, type FieldChange } from './difference.js';
import { explainRefusal } from './failure.js';
import { type Item, keyOf, titleOf } from './manifest.js';

/** Owner of the fields that `perch deploy` writes. */
export const fieldManager = 'perch-deploy';

/** What applying one object would do. */
export interface Step {
  readonly item: Item;
  readonly action: 'create' | 'change' | 'keep';
  /** Empty unless something changes. */
  readonly fields: readonly FieldChange[];
  /** As it was found. */
  readonly before: KubeObject | undefined;
}

export interface TrialOptions {
  /** Overwrite what other managers have set, and take objects of other applications over. */
  readonly force: boolean;
  /** Fields that are left to the controller once it has written them. */
  readonly controlled: readonly ControlledField[];
}

/** Asks the API server what applying the object would do; nothing is stored. */
export async function tryOut(cluster: Cluster, item: Item, options: TrialOptions): Promise<Step> {
  const before = await unlessMissing(cluster.get(item.kind, keyOf(item))).catch((error: unknown) => {
    throw explainRefusal(item, error);
  });
  if (before) refuseForeign(item, before, options);
  try {
    const { object, after } = await dryRun(cluster, item, options);
    const fields = before ? differences(before, after) : [];
    const action = before ? (fields.length > 0 ? 'change' : 'keep') : 'create';
    return { item: { ...item, object }, action, fields, before };
  } catch (error) {
    // Its namespace or its kind comes with this very deployment.
    if (!before && error instanceof ApiError && error.isMissing) {
      return { item, action: 'create', fields: [], before: undefined };
    }
    throw explainRefusal(item, error);
  }
}

async function dryRun(cluster: Cluster, item: Item, { force, controlled }: TrialOptions) {
  const apply = (object: KubeObject, forced: boolean) =>
    cluster.apply(item.kind, object, { fieldManager, force: forced, dryRun: true });
  try {
    return { object: item.object, after: await apply(item.object, false) };
  } catch (error) {
    const fields = error instanceof ApiError ? conflictsOf(error).map(({ field }) => field) : [];
    if (fields.length === 0) throw error;
    const object = without(item, fields, controlled);
    if (object === item.object && !force) throw error;
    return { object, after: await apply(object, force) };
  }
}

/** The object less those of the fields in conflict that belong to the controller. */
function without(
  item: Item,
  conflicts: readonly string[],
  controlled: readonly ControlledField[],
): KubeObject {
  const { group, kind } = item.kind;
  const { namespace, name } = keyOf(item);
  let object = item.object;
  for (const field of controlled) {
    const same =
      field.group === group && field.kind === kind && field.namespace === namespace && field.name === name;
    if (same && conflicts.some((conflict) => isWithin(conflict, field.path)))
      object = removed(object, field.path);
  }
  return object;
}

/** `.spec.ports[…].targetPort` lies within spec, ports. */
function isWithin(conflict: string, path: readonly string[]): boolean {
  const dotted = `.${path.join('.')}`;
  return conflict === dotted || conflict.startsWith(`${dotted}.`) || conflict.startsWith(`${dotted}[`);
}

function removed(object: KubeObject, path: readonly string[]): KubeObject {
  const copy = structuredClone(object);
  const parents = path.slice(0, -1);
  let at: unknown = copy;
  for (const name of parents) at = (at as Record<string, unknown> | undefined)?.[name];
  if (at) delete (at as Record<string, unknown>)[path.at(-1) ?? ''];
  return copy;
}

function refuseForeign(item: Item, before: KubeObject, { force }: TrialOptions): void {
  const theirs = before.metadata.labels?.[memberLabel];
  const ours = item.object.metadata.labels?.[memberLabel];
  if (force || theirs === undefined || ours === undefined || theirs === ours) return;
  throw new PerchError({
    code: 'DEPLOY_OTHER_APPLICATION',
    message: `expected ${titleOf(before)} to be nobody's or of this application, found that another one deploys it (${theirs})`,
    remedy: 'rename one of the two objects, or take it over with --force-conflicts',
    path: item.path ?? titleOf(item.object),
  });
}
