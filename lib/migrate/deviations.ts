import type { CanarySpec } from '../api/canary.js';
import type { KubeObject } from '../api/kinds.js';
import type { MetricTemplateSpec } from '../api/metricTemplate.js';
import { isRecord } from '../api/schema/json.js';
import { type FieldDeviation, parity } from './parity.js';

/** A field of a manifest that perch does not read as Flagger does. */
export interface Deviation {
  readonly field: string;
  readonly status: string;
  readonly remarks: string;
}

/** Where it is not the field that matters but what is in it, or that it is not there. */
export const canaryRelevance: Readonly<Record<string, (spec: CanarySpec) => boolean>> = {
  // A name that is none is invalid, and said to be.
  'spec.provider': () => false,
  'spec.suspend': ({ suspend }) => suspend === true,
  'spec.analysis.maxWeight': ({ analysis }) => (analysis?.maxWeight ?? 0) > 100,
  'spec.analysis.stepWeights[]': ({ analysis }) => !rises(analysis?.stepWeights ?? []),
  'spec.analysis.mirror': ({ analysis }) => analysis?.mirror === true,
  'spec.analysis.alerts[].severity': ({ analysis }) =>
    (analysis?.alerts ?? []).some(({ severity }) => severity === undefined),
};

const alike = ['prometheus', 'cloudwatch', 'newrelic', 'graphite', 'dynatrace', 'keptn'];

export const templateRelevance: Readonly<Record<string, (spec: MetricTemplateSpec) => boolean>> = {
  'MetricTemplate.spec.provider.type': ({ provider }) => !alike.includes(provider?.type ?? ''),
};

/** What deviates of the fields that a manifest uses, and how many of its fields are the same. */
export function compareFields(object: KubeObject & { readonly spec?: unknown }): {
  readonly same: number;
  readonly deviations: readonly Deviation[];
} {
  const canary = object.kind === 'Canary';
  const used = leaves(object.spec, [canary ? 'spec' : `${object.kind}.spec`]);
  const deviations = parity.fields.flatMap((row) => row.fields.flatMap((field) => deviation(row, field)));
  const same = used.filter((path) => !deviations.some(({ field }) => matches(field, path)));
  return { same: same.length, deviations };

  function deviation({ status, remarks }: FieldDeviation, field: string): Deviation[] {
    if (!field.startsWith(canary ? 'spec.' : `${object.kind}.`)) return [];
    const relevant = (canary ? canaryRelevance : templateRelevance)[field] as
      | ((spec: unknown) => boolean)
      | undefined;
    const concerned = relevant ? relevant(object.spec) : used.some((path) => matches(field, path));
    return concerned ? [{ field, status, remarks }] : [];
  }
}

/** Whether a path is below a field of the page; `*` there is any key. */
function matches(field: string, path: readonly string[]): boolean {
  const given = path.flatMap((segment, at) => (at === 0 ? segment.split('.') : [segment]));
  return field
    .replaceAll('[]', '')
    .split('.')
    .every((segment, at) => given[at] !== undefined && (segment === '*' || segment === given[at]));
}

/** The keys that lead to each value; those of a list are one. */
function leaves(value: unknown, path: readonly string[]): string[][] {
  if (value === null || value === undefined) return [];
  const found = Array.isArray(value)
    ? value.flatMap((item) => leaves(item, path))
    : isRecord(value)
      ? Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
      : [[...path]];
  return [...new Map(found.map((leaf) => [leaf.join('\n'), leaf])).values()];
}

function rises(weights: readonly number[]): boolean {
  return weights.every((weight, at) => at === 0 || weight > weights[at - 1]!);
}
