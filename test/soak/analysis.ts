import type { KubeObject } from '../../lib/api/kinds.js';

/**
 * The application's Canary with the steps of the exploration, by whose invariants it is judged; a metrics server that is
 * away is waited for. Other objects stay as they are.
 */
export function withAnalysis(object: KubeObject, more: object = {}): KubeObject {
  if (object.kind !== 'Canary') return object;
  const { spec, ...rest } = object as KubeObject & { spec: { analysis: { metrics: readonly object[] } } };
  const analysis = {
    ...{ interval: '10s', threshold: 2, stepWeight: 25, maxWeight: 50 },
    metrics: spec.analysis.metrics.map((metric) => ({ ...metric, onNoData: 'wait' })),
    ...more,
  };
  return { ...rest, spec: { ...spec, progressDeadlineSeconds: 120, analysis } } as KubeObject;
}
