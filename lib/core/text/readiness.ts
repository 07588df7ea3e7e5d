import type { Canary } from '../../api/canary.js';
import { primaryName } from '../../api/defaults.js';
import type { Readiness } from '../observation.js';

type NotReady = Extract<Readiness, { ready: false }>;

/** Flagger's sentence about a workload that is not ready (its spelling of daemonset included). */
export function notReadyText(canary: Canary, workload: 'primary' | 'canary', readiness: NotReady): string {
  const { targetRef } = canary.spec;
  const { namespace = '' } = canary.metadata;
  const daemonSet = targetRef.kind === 'DaemonSet';
  if (workload === 'primary') {
    const primary = `${primaryName(canary)}.${namespace}`;
    return `${daemonSet ? `primary daemonset ${primary}` : primary} not ready: ${readiness.message}`;
  }
  const target = `${targetRef.name}.${namespace}`;
  if (!daemonSet) return `canary deployment ${target} not ready: ${readiness.message}`;
  return `canary damonset ${target} not ready with retryable ${readiness.retriable}: ${readiness.message}`;
}
