import type { Canary, CanaryService } from '../../../api/canary.js';
import {
  primaryName,
  progressDeadlineSeconds,
  readyThresholds,
  serviceNames,
} from '../../../api/defaults.js';
import { PerchError } from '../../../api/errors.js';
import { type Deployment, Deployments, HorizontalPodAutoscalers, Services } from '../../../api/workloads.js';
import type { PrimaryObservation, TargetObservation } from '../../../core/observation.js';
import { createOnce, modify } from '../../cache/objects.js';
import { readChecksums } from '../configs/bookmark.js';
import type { Checksums } from '../configs/tracker.js';
import { revisionOf } from '../revision.js';
import type { Target, TargetContext, TargetView } from '../target.js';
import { ensurePrimaryAutoscaler, promoteAutoscaler, targetAutoscaler } from './autoscaler.js';
import { servicePorts } from './ports.js';
import { configsAnnotation, newPrimary, promotedPrimary, revisionAnnotation } from './primary.js';
import { deploymentReadiness } from './readiness.js';
import { scaleTarget } from './scaling.js';
import { podSelector } from './selector.js';
import { ensureService } from './services.js';

/** Releases a Deployment: the target itself runs the new revision, `<target>-primary` the proven one. */
export function deploymentTarget(context: TargetContext): Target {
  const { objects, configs } = context;
  const keyOf = (canary: Canary, name: string) => ({ namespace: canary.metadata.namespace ?? '', name });
  const readTarget = (canary: Canary) => objects.read(Deployments, keyOf(canary, canary.spec.targetRef.name));
  const readPrimary = (canary: Canary) => objects.read(Deployments, keyOf(canary, primaryName(canary)));
  const requireTarget = (canary: Canary): Deployment => {
    const target = readTarget(canary);
    if (!target) throw targetNotFound(canary);
    return target;
  };
  const ensureServices = async (canary: Canary, which: readonly ServiceRole[]): Promise<boolean> => {
    const target = requireTarget(canary);
    let changed = false;
    for (const role of which) changed = (await ensureRole(context, canary, target, role)) || changed;
    return changed;
  };

  return {
    watches: [Deployments, Services, HorizontalPodAutoscalers],
    observe: async (canary, now) => ({
      ...(await viewOfTarget(context, canary, now, readTarget(canary))),
      ...viewOfPrimary(canary, now, readPrimary(canary)),
    }),
    async ensurePrimary(canary) {
      const services = await ensureServices(canary, ['canary', 'primary']);
      const name = primaryName(canary);
      const missing = !readPrimary(canary);
      if (missing) {
        const target = requireTarget(canary);
        const copied = await configs.copy(canary, target.spec.template);
        if (copied === 'moved') return true;
        await createOnce(objects, Deployments, newPrimary(canary, name, target, context, copied));
      }
      const scaler = await ensurePrimaryAutoscaler(objects, canary, name);
      return services || missing || scaler;
    },
    ensureApex: (canary) => ensureServices(canary, ['apex']),
    async promote(canary, revision, expected) {
      const target = requireTarget(canary);
      if (revisionOf(target.spec.template) !== revision) return 'moved';
      const copied = await configs.copy(canary, target.spec.template, expected);
      if (copied === 'moved') return 'moved';
      const name = primaryName(canary);
      const workload = await modify(objects, Deployments, keyOf(canary, name), (primary) =>
        promotedPrimary(canary, primary, target, context, copied),
      );
      const scaler = await promoteAutoscaler(objects, canary, name);
      return workload || scaler || copied?.changed === true;
    },
    scale: async (canary, to) => scaleTarget(objects, canary, requireTarget(canary), readPrimary(canary), to),
  };
}

type ServiceRole = 'apex' | 'primary' | 'canary';

function ensureRole(context: TargetContext, canary: Canary, target: Deployment, role: ServiceRole) {
  const service = requireService(canary);
  const selector = podSelector(target, context.selectorLabels);
  return ensureService(context.objects, canary, service, {
    name: serviceNames(canary)[role],
    label: selector.label,
    value: role === 'canary' ? selector.canary : selector.primary,
    ports: servicePorts(service, target),
    metadata: service[role],
  });
}

async function viewOfTarget(
  context: TargetContext,
  canary: Canary,
  now: number,
  deployment: Deployment | undefined,
): Promise<Pick<TargetView, 'target' | 'targetError'>> {
  let trackedConfigs: Checksums | undefined;
  try {
    if (!deployment) throw targetNotFound(canary);
    requireService(canary);
    podSelector(deployment, context.selectorLabels);
    targetAutoscaler(context.objects, canary);
    trackedConfigs = await context.configs.observe(canary, deployment.spec.template);
  } catch (error) {
    if (error instanceof PerchError) return { targetError: error.message };
    throw error;
  }
  const threshold = readyThresholds(canary.spec.analysis).canary;
  const target: TargetObservation = {
    revision: revisionOf(deployment.spec.template),
    readiness: deploymentReadiness(deployment, progressDeadlineSeconds(canary.spec), threshold, now),
    ...(trackedConfigs ? { trackedConfigs } : {}),
    scaledToZero: deployment.spec.replicas === 0,
    ...imageOf(deployment),
  };
  return { target };
}

function viewOfPrimary(
  canary: Canary,
  now: number,
  deployment: Deployment | undefined,
): Pick<TargetView, 'primary'> {
  if (!deployment) return {};
  const threshold = readyThresholds(canary.spec.analysis).primary;
  const { [revisionAnnotation]: revision, [configsAnnotation]: configs } =
    deployment.metadata.annotations ?? {};
  const primary: PrimaryObservation = {
    readiness: deploymentReadiness(deployment, progressDeadlineSeconds(canary.spec), threshold, now),
    ...(revision ? { revision } : {}),
    ...(configs === undefined ? {} : { trackedConfigs: readChecksums(configs) }),
    ...imageOf(deployment),
  };
  return { primary };
}

function imageOf(deployment: Deployment): { image?: string } {
  const image = deployment.spec.template.spec.containers[0]?.image;
  return image ? { image } : {};
}

function requireService(canary: Canary): CanaryService {
  if (canary.spec.service) return canary.spec.service;
  throw new PerchError({
    code: 'ENGINE_SERVICE_MISSING',
    message: `expected spec.service with a port, as the target is a ${canary.spec.targetRef.kind}, got none`,
    remedy: 'add spec.service.port, the port that clients use',
    path: 'spec.service',
  });
}

function targetNotFound(canary: Canary): PerchError {
  const { name } = canary.spec.targetRef;
  return new PerchError({
    code: 'ENGINE_TARGET_NOT_FOUND',
    message: `deployment ${name}.${canary.metadata.namespace} get query error: deployments.apps "${name}" not found`,
    remedy: "create the Deployment in the canary's namespace, or correct spec.targetRef.name",
    path: 'spec.targetRef.name',
  });
}
