import type { Canary } from '../api/canary.js';
import type { KubeObject } from '../api/kinds.js';

const builtin: readonly string[] = ['request-success-rate', 'request-duration'];

/** The same objects, but for built-in metrics, which compare the canary with the primary besides. */
export function withComparisons(objects: readonly KubeObject[]): KubeObject[] {
  return objects.map((object) => (object.kind === 'Canary' ? comparing(object as Canary) : object));
}

function comparing(canary: Canary): Canary {
  const { analysis } = canary.spec;
  const metrics = analysis.metrics?.map((metric) =>
    builtin.includes(metric.name) ? { comparison: {}, ...metric } : metric,
  );
  return { ...canary, spec: { ...canary.spec, analysis: { ...analysis, ...(metrics && { metrics }) } } };
}
