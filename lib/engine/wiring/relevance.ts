import { Canaries } from '../../api/canary.js';
import type { Kind, KubeObject } from '../../api/kinds.js';
import { DaemonSets, Deployments } from '../../api/workloads.js';
import { kindText } from '../cache/caches.js';
import { isMetadataOnly } from '../cache/metadataOnly.js';
import type { Change } from '../cache/store.js';
import { sameJson } from '../sameJson.js';

/** Kinds whose status a decision depends on. */
const WITH_STATUS: readonly string[] = [Canaries, Deployments, DaemonSets].map(kindText);
/** Groups whose objects say in their status what became of a route. */
const ROUTED_BY_STATUS: readonly string[] = ['gateway.networking.k8s.io', 'serving.knative.dev'];

/** Is a change worth a pass? Of what is cached without its contents, every new version may be. What only a controller reports of its own (an HPA's measurements, say) is not. */
export function isRelevant(kind: Kind, { before, after }: Change): boolean {
  if (!before || !after) return true;
  if (WITH_STATUS.includes(kindText(kind)) || ROUTED_BY_STATUS.includes(kind.group)) return true;
  if (isMetadataOnly(kind)) return true;
  return !sameJson(substance(before), substance(after));
}

function substance(object: KubeObject): unknown {
  const { status: _, metadata, ...rest } = object as KubeObject & { status?: unknown };
  const { labels, annotations, ownerReferences, deletionTimestamp } = metadata;
  return { ...rest, labels, annotations, ownerReferences, deletionTimestamp };
}
