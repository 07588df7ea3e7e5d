import type { GatewayRef } from '../../api/canary.js';
import type { PerchError } from '../../api/errors.js';
import { routePending } from '../../ports/router.js';
import type { Route } from './kinds.js';

/** Throws until every parent of the route has accepted it as it stands. */
export function requireAccepted(route: Route): void {
  const obstacle = obstacleOf(route);
  if (obstacle) throw obstacle;
}

/** Whether every parent of the route has accepted it as it stands. */
export function isAccepted(route: Route): boolean {
  return obstacleOf(route) === undefined;
}

function obstacleOf(route: Route): PerchError | undefined {
  const { namespace, name, generation = 0 } = route.metadata;
  for (const parent of route.spec?.parentRefs ?? []) {
    const answers = (route.status?.parents ?? []).filter(
      ({ parentRef }) => textOf(parentRef, namespace) === textOf(parent, namespace),
    );
    const conditions = answers.flatMap((answer) =>
      (answer.conditions ?? []).filter(({ type }) => type === 'Accepted'),
    );
    const bad =
      conditions.length === 0
        ? { status: 'Unknown', observedGeneration: 0, message: '' }
        : conditions.find(
            ({ status, observedGeneration = 0 }) => status !== 'True' || observedGeneration < generation,
          );
    if (!bad) continue;
    const { status, observedGeneration = 0, message } = bad;
    return routePending(
      `${route.kind} ${name}.${namespace} parent ${parent.name} is not ready (status: ${status}, observed generation: ${observedGeneration}, current generation: ${generation})${message ? `: ${message}` : ''}`,
      'spec.service.gatewayRefs',
      conditions.length === 0 ? silentRemedy(parent, namespace) : undefined,
    );
  }
  return undefined;
}

/** Nobody has answered: there is no such Gateway, or nothing that runs it. */
function silentRemedy({ kind = 'Gateway', name, namespace }: Partial<GatewayRef>, home = ''): string {
  return `see whether the ${kind} ${name} exists in namespace ${namespace ?? home} and what serves its class runs`;
}

/** References are the same when what they leave out is what the other says. */
function textOf(ref: Partial<GatewayRef>, home = ''): string {
  const { group = 'gateway.networking.k8s.io', kind = 'Gateway', namespace = home } = ref;
  return [group, kind, namespace, ref.name, ref.sectionName ?? '', ref.port ?? ''].join('/');
}
