import type { RoutingObject } from '../generated/blueprint.js';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly observedGeneration?: number;
}

/** Whether Contour has taken the HTTPProxy as it stands. */
export function isValid({ metadata, status }: RoutingObject): boolean {
  const conditions = (status?.conditions ?? []) as readonly Condition[];
  return conditions.some(
    ({ type, status: value, observedGeneration = 0 }) =>
      type === 'Valid' && value === 'True' && observedGeneration >= (metadata.generation ?? 0),
  );
}
