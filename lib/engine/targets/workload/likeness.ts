import type { Canary, Phase } from '../../../api/canary.js';
import { primaryName } from '../../../api/defaults.js';
import type { Workload } from '../../../api/workloads.js';
import type { Checksums } from '../configs/tracker.js';
import { revisionOf } from '../revision.js';
import type { TargetContext } from '../target.js';
import { promotedTemplate, revisionAnnotation } from './primary.js';
import type { WorkloadTraits } from './traits.js';

const atRest: readonly Phase[] = ['Initialized', 'Succeeded', 'Failed'];

/**
 * Has the primary got the target's template already? Asked when a revision is neither promoted nor known, or is said to
 * be promoted although the primary was given another one since. An API server
 * that was upgraded shows its new defaults in what it is asked for, and not in what a watch sent before: unless the two
 * are at odds anyway, as they are in a release, both are read live.
 */
export async function isInPrimary<W extends Workload>(
  context: TargetContext,
  traits: WorkloadTraits<W>,
  canary: Canary,
  revision: string,
  trackedConfigs: Checksums | undefined,
): Promise<boolean> {
  const { phase = '', lastAppliedSpec, lastPromotedSpec } = canary.status ?? {};
  if (!atRest.includes(phase) || revision === lastAppliedSpec) return false;
  const { objects } = context;
  const { kind } = traits;
  const keyOf = (name: string) => ({ namespace: canary.metadata.namespace ?? '', name });
  const given = objects.read(kind, keyOf(primaryName(canary)))?.metadata.annotations?.[revisionAnnotation];
  if (revision === lastPromotedSpec && (given ?? revision) === revision) return false;
  const copied = trackedConfigs && new Set(Object.keys(trackedConfigs));
  const templates = (target: W | undefined, primary: W | undefined) =>
    target &&
    primary && {
      wanted: promotedTemplate({ canary, target, traits, settings: context }, copied, primary),
      present: primary.spec.template,
    };
  const names = [canary.spec.targetRef.name, primaryName(canary)] as const;
  const seen = templates(objects.read(kind, keyOf(names[0])), objects.read(kind, keyOf(names[1])));
  if (!seen || areAtOdds(seen.wanted, seen.present)) return false;
  const target = await objects.fetch(kind, keyOf(names[0]));
  const live = templates(target, await objects.fetch(kind, keyOf(names[1])));
  if (!target || !live || revisionOf(traits.template(target)) !== revision) return false;
  return revisionOf(live.wanted) === revisionOf(live.present);
}

/** Do two values contradict each other? That one says more than the other is no contradiction. */
function areAtOdds(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined || a === null || b === null) return false;
  if (typeof a !== 'object' || typeof b !== 'object') return a !== b;
  if (Array.isArray(a) !== Array.isArray(b)) return true;
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return true;
  const other = b as Record<string, unknown>;
  return Object.entries(a).some(([key, value]) => areAtOdds(value, other[key]));
}
