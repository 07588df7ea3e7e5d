import type { Canary } from '../../api/canary.js';
import { isKnative } from '../../api/defaults.js';
import { PerchError } from '../../api/errors.js';
import { daemonSetTarget } from './daemonSet/daemonSet.js';
import { deploymentTarget } from './deployment/deployment.js';
import { knativeTarget } from './knative/knative.js';
import { serviceTarget } from './service/service.js';
import type { Target, TargetContext, TargetFactory } from './target.js';

/** Kinds of `spec.targetRef` that can be released. */
type TargetKind = 'Deployment' | 'DaemonSet' | 'Service' | 'Knative Service';

const factories = {
  Deployment: deploymentTarget,
  DaemonSet: daemonSetTarget,
  Service: serviceTarget,
  'Knative Service': knativeTarget,
} satisfies Record<TargetKind, TargetFactory>;

/** Finds the target implementation by a canary's `spec.targetRef.kind`. */
export function createTargets(context: TargetContext): (canary: Canary) => Target {
  const targets: Readonly<Record<string, Target>> = Object.fromEntries(
    Object.entries(factories).map(([kind, factory]) => [kind, factory(context)]),
  );
  return (canary) => {
    const kind = isKnative(canary.spec.targetRef) ? 'Knative Service' : canary.spec.targetRef.kind;
    const target = Object.hasOwn(targets, kind) ? targets[kind] : undefined;
    if (target) return target;
    throw new PerchError({
      code: 'ENGINE_TARGET_KIND',
      message: `expected spec.targetRef.kind to be ${Object.keys(factories).join(' or ')}, got ${canary.spec.targetRef.apiVersion} ${kind}`,
      remedy: 'release a Deployment, a DaemonSet, a Service, or a Service of serving.knative.dev/v1',
      path: 'spec.targetRef.kind',
    });
  };
}
