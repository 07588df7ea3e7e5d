import type { Canary } from '../../../api/canary.js';
import { primaryName } from '../../../api/defaults.js';
import { apiVersion } from '../../../api/kinds.js';
import { ownedBy } from '../../../api/ownership.js';
import { type Service, Services } from '../../../api/workloads.js';
import type { Readiness } from '../../../core/observation.js';
import { createOnce, modify } from '../../cache/objects.js';
import { sameJson } from '../../sameJson.js';
import { pick, withPrefix } from '../labels.js';
import { serviceRevisionOf } from '../revision.js';
import type { Target, TargetContext } from '../target.js';
import { revisionAnnotation } from '../workload/primary.js';
import { targetNotFound } from '../workload/views.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** A Service that is there is as ready as it can be. */
const ready: Readiness = { ready: true };

/**
 * Releases a Service, whatever is behind it: `<target>-canary` always is what the target is, `<target>-primary` what it
 * was when it was last promoted. No workload is touched.
 */
export function serviceTarget(context: TargetContext): Target {
  const { objects } = context;
  const keyOf = (canary: Canary, name: string) => ({ namespace: canary.metadata.namespace ?? '', name });
  const read = (canary: Canary, name: string) => objects.read(Services, keyOf(canary, name));
  const requireTarget = (canary: Canary): Service => {
    const target = read(canary, canary.spec.targetRef.name);
    if (!target) throw targetNotFound(canary, Services);
    return target;
  };
  return {
    kind: Services,
    watches: () => [Services],
    async observe(canary) {
      const target = read(canary, canary.spec.targetRef.name);
      const primary = read(canary, primaryName(canary));
      const revision = primary?.metadata.annotations?.[revisionAnnotation];
      return {
        ...(target
          ? { target: { revision: serviceRevisionOf(target.spec), readiness: ready, scaledToZero: false } }
          : { targetError: targetNotFound(canary, Services).message, targetIsGone: true }),
        ...(primary ? { primary: { readiness: ready, ...(revision ? { revision } : {}) } } : {}),
      };
    },
    async ensurePrimary(canary) {
      const target = requireTarget(canary);
      const own = `${canary.spec.targetRef.name}-canary`;
      const copied = await ensureCopy(context, canary, target, own);
      const missing = !read(canary, primaryName(canary));
      if (missing) await createOnce(objects, Services, newCopy(canary, target, primaryName(canary), true));
      return copied || missing;
    },
    // clients call the target, which is the user's
    ensureApex: async () => false,
    async promote(canary, revision) {
      const target = requireTarget(canary);
      if (serviceRevisionOf(target.spec) !== revision) return 'moved';
      const { includeLabelPrefixes: prefixes } = context;
      return modify(objects, Services, keyOf(canary, primaryName(canary)), (live) =>
        corrected(live, target, {
          labels: withPrefix(target.metadata.labels, prefixes),
          annotations: { ...withPrefix(ownAnnotations(target), prefixes), [revisionAnnotation]: revision },
        }),
      );
    },
    scale: async () => false,
    revert: async () => false,
    releaseApex: async () => false,
  };
}

async function ensureCopy(
  { objects }: TargetContext,
  canary: Canary,
  target: Service,
  name: string,
): Promise<boolean> {
  const key = { namespace: canary.metadata.namespace ?? '', name };
  if (!objects.read(Services, key))
    return createOnce(objects, Services, newCopy(canary, target, name, false));
  const metadata = { labels: { ...target.metadata.labels }, annotations: ownAnnotations(target) };
  return modify(objects, Services, key, (live) => corrected(live, target, metadata));
}

function newCopy(canary: Canary, target: Service, name: string, isPrimary: boolean): Service {
  const mark: Record<string, string> = isPrimary
    ? { [revisionAnnotation]: serviceRevisionOf(target.spec) }
    : {};
  return {
    apiVersion: apiVersion(Services),
    kind: Services.kind,
    metadata: {
      name,
      namespace: canary.metadata.namespace,
      labels: { ...target.metadata.labels },
      annotations: { ...ownAnnotations(target), ...mark },
      ownerReferences: ownedBy(canary),
    },
    spec: withoutAddresses(target.spec),
  };
}

function corrected(
  live: Service,
  target: Service,
  metadata: { labels: Record<string, string>; annotations: Record<string, string> },
): Service | undefined {
  const spec = { ...withoutAddresses(target.spec), ...addresses(live.spec) };
  const same =
    serviceRevisionOf(live.spec) === serviceRevisionOf(target.spec) &&
    sameJson(live.metadata.labels ?? {}, metadata.labels) &&
    sameJson(live.metadata.annotations ?? {}, metadata.annotations);
  return same ? undefined : { ...live, metadata: { ...live.metadata, ...metadata }, spec };
}

function ownAnnotations({ metadata }: Service): Record<string, string> {
  return pick(metadata.annotations, (key) => key !== LAST_APPLIED);
}

/** What the API server gives to each Service alone; that it has none (headless) is the user's choice. */
function withoutAddresses(spec: Service['spec']): Service['spec'] {
  const { clusterIP, clusterIPs: _, healthCheckNodePort: __, ...rest } = spec;
  const ports = spec.ports?.map(({ nodePort: ___, ...port }) => port);
  return { ...rest, ...(clusterIP === 'None' ? { clusterIP } : {}), ...(ports ? { ports } : {}) };
}

function addresses({ type, clusterIP, clusterIPs }: Service['spec']): Partial<Service['spec']> {
  if (type === 'ExternalName' || clusterIP === undefined || clusterIP === 'None') return {};
  return { clusterIP, ...(clusterIPs ? { clusterIPs } : {}) };
}
