import type { KubeObject } from '../../../lib/api/kinds.js';
import type { Condition, Deployment } from '../../../lib/api/workloads.js';

/**
 * Cluster controllers stamp conditions with the wall's time, by which the scenario's clock does not go: a condition
 * counts as of the scenario's time at which it was first seen. The stamps are whole seconds, in which much may happen
 * here, so the same words of another generation are another condition.
 */
export function conditionTimes(now: () => number): <T extends KubeObject>(object: T) => T {
  const seen = new Map<string, string>();
  const translate = (condition: string, time: string): string => {
    const known = seen.get(`${condition} ${time}`) ?? new Date(now()).toISOString();
    seen.set(`${condition} ${time}`, known);
    return known;
  };
  const dated = (deployment: string, condition: Condition): Condition => {
    const { lastUpdateTime, lastTransitionTime, ...words } = condition;
    const name = `${deployment} ${JSON.stringify(words)}`;
    return {
      ...words,
      ...(lastUpdateTime && { lastUpdateTime: translate(name, lastUpdateTime) }),
      ...(lastTransitionTime && { lastTransitionTime: translate(name, lastTransitionTime) }),
    };
  };
  return (object) => {
    if (object.kind !== 'Deployment') return object;
    const { metadata, status } = object as unknown as Deployment;
    if (!status?.conditions) return object;
    const name = `${metadata.uid} ${status.observedGeneration}`;
    return { ...object, status: { ...status, conditions: status.conditions.map((one) => dated(name, one)) } };
  };
}
