import type { Canary } from '../../../api/canary.js';
import { PerchError } from '../../../api/errors.js';
import {
  KnativeRevisions,
  type KnativeService,
  KnativeServices,
  primaryRevisionAnnotation,
} from '../../../api/knative.js';
import { revisionPrefix } from '../../../api/revision.js';
import type { PrimaryObservation, Readiness, TargetObservation } from '../../../core/observation.js';
import { advisedText } from '../../errorText.js';
import type { Target, TargetContext } from '../target.js';
import { targetNotFound } from '../workload/views.js';

/**
 * Releases a Knative Service, which keeps a revision of each template by itself: nothing is copied, and the primary is
 * the revision that an annotation of the Service names.
 */
export function knativeTarget({ objects }: TargetContext): Target {
  const keyOf = (canary: Canary, name: string) => ({ namespace: canary.metadata.namespace ?? '', name });
  const read = (canary: Canary) => objects.read(KnativeServices, keyOf(canary, canary.spec.targetRef.name));
  const requireTarget = (canary: Canary): KnativeService => {
    const target = read(canary);
    if (!target) throw targetNotFound(canary, KnativeServices);
    return target;
  };
  const readinessOf = (canary: Canary, name: string): Readiness => {
    const conditions = objects.read(KnativeRevisions, keyOf(canary, name))?.status?.conditions ?? [];
    const ready = conditions.find(({ type }) => type === 'Ready');
    if (ready?.status === 'True') return { ready: true };
    const why = [ready?.reason, ready?.message].filter(Boolean).join(': ');
    const message = `waiting for revision ${name}.${canary.metadata.namespace} to be ready${why && `: ${why}`}`;
    return { ready: false, retriable: true, message };
  };
  const mark = async (canary: Canary, revision: string): Promise<boolean> => {
    const patch = { metadata: { annotations: { [primaryRevisionAnnotation]: revision } } };
    await objects.patch(KnativeServices, keyOf(canary, canary.spec.targetRef.name), 'merge', patch);
    return true;
  };

  const viewOfTarget = (canary: Canary, service: KnativeService): TargetObservation => {
    const newest = newestOf(service);
    const image = service.spec?.template?.spec?.containers?.[0]?.image;
    return {
      revision: revisionPrefix + newest,
      readiness: readinessOf(canary, newest),
      scaledToZero: false,
      ...(image && { image }),
    };
  };
  const viewOfPrimary = (
    canary: Canary,
    service: KnativeService | undefined,
  ): PrimaryObservation | undefined => {
    const name = service?.metadata.annotations?.[primaryRevisionAnnotation];
    return name ? { revision: revisionPrefix + name, readiness: readinessOf(canary, name) } : undefined;
  };

  return {
    kind: KnativeServices,
    watches: () => [KnativeServices, KnativeRevisions],
    async observe(canary) {
      const service = read(canary);
      const primary = viewOfPrimary(canary, service);
      const seen = primary && { primary };
      if (!service)
        return { targetError: targetNotFound(canary, KnativeServices).message, targetIsGone: true };
      try {
        return { target: viewOfTarget(canary, service), ...seen };
      } catch (error) {
        if (error instanceof PerchError) return { targetError: advisedText(error), ...seen };
        throw error;
      }
    },
    async ensurePrimary(canary) {
      const target = requireTarget(canary);
      return target.metadata.annotations?.[primaryRevisionAnnotation]
        ? false
        : mark(canary, newestOf(target));
    },
    async promote(canary, revision) {
      const target = requireTarget(canary);
      const newest = newestOf(target);
      if (revisionPrefix + newest !== revision) return 'moved';
      return target.metadata.annotations?.[primaryRevisionAnnotation] === newest
        ? false
        : mark(canary, newest);
    },
    // what clients call is the Knative Service itself, and Knative scales its revisions by their requests
    ensureApex: async () => false,
    scale: async () => false,
    revert: async () => false,
    releaseApex: async () => false,
  };
}

/** The revision that Knative made of the template as it is. */
function newestOf({ metadata, status }: KnativeService): string {
  if (status?.latestCreatedRevisionName) return status.latestCreatedRevisionName;
  throw new PerchError({
    code: 'ENGINE_REVISION_MISSING',
    message: `expected Knative Service ${metadata.name}.${metadata.namespace} to have a revision, its status names none`,
    remedy: 'see the status of the Knative Service: its first revision could not be created',
    path: 'spec.targetRef',
  });
}
