import type { Canary } from '../../api/canary.js';
import { PerchError } from '../../api/errors.js';
import { deploymentTarget } from './deployment/deployment.js';
import type { Target, TargetContext, TargetFactory } from './target.js';

/** Kinds of `spec.targetRef` that can be released. */
type TargetKind = 'Deployment';

const factories = { Deployment: deploymentTarget } satisfies Record<TargetKind, TargetFactory>;

/** Finds the target implementation by a canary's `spec.targetRef.kind`. */
export function createTargets(context: TargetContext): (canary: Canary) => Target {
  const targets: Readonly<Record<string, Target>> = Object.fromEntries(
    Object.entries(factories).map(([kind, factory]) => [kind, factory(context)]),
  );
  return (canary) => {
    const { kind } = canary.spec.targetRef;
    const target = Object.hasOwn(targets, kind) ? targets[kind] : undefined;
    if (target) return target;
    throw new PerchError({
      code: 'ENGINE_TARGET_KIND',
      message: `expected spec.targetRef.kind to be ${Object.keys(factories).join(' or ')}, got ${kind}`,
      remedy: 'release a Deployment; other kinds of target are not supported by this version',
      path: 'spec.targetRef.kind',
    });
  };
}
