import { PerchError } from '../api/errors.js';
import { type MetricTemplate, MetricTemplates } from '../api/metricTemplate.js';
import { type Asked, limitOf } from '../sim/limits.js';
import { type Declared, ofKind } from './declared.js';

/** Throws for a release that would end otherwise than on a real cluster, since not all of it is simulated. */
export function checkSimulated(
  { canary, objects, namespace }: Declared,
  controller: Pick<Asked, 'meshProvider' | 'metricsServer' | 'isAnswered'>,
): void {
  const templates = ofKind<MetricTemplate>(objects, MetricTemplates.kind);
  const limit = limitOf({ canary, templates, ...controller });
  if (!limit) return;
  throw new PerchError({
    code: 'TESTING_NOT_SIMULATED',
    message: `expected ${limit.expected}; given ${limit.given}`,
    remedy: limit.remedy,
    path: `Canary/${namespace}/${canary.metadata.name}: ${limit.path}`,
  });
}
