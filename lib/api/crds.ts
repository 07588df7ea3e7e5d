import type { z } from 'zod';
import { AlertProviders, alertProviderSpec } from './alertProvider.js';
import { canaryStatus } from './canary/status.js';
import { Canaries, canarySpec } from './canary.js';
import type { Kind, KubeObject } from './kinds.js';
import { MetricTemplates, metricTemplateSpec } from './metricTemplate.js';
import { type StructuralSchema, structuralSchema } from './schema/structural.js';
import { celRules } from './validation/specRules.js';

export interface PrinterColumn {
  name: string;
  type: 'string' | 'boolean';
  jsonPath: string;
  /** Columns above 0 are shown by `kubectl get -o wide` only. */
  priority?: number;
}

export interface CustomResourceDefinition extends KubeObject {
  apiVersion: 'apiextensions.k8s.io/v1';
  kind: 'CustomResourceDefinition';
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    group: string;
    names: { kind: string; listKind: string; plural: string; singular: string; categories: string[] };
    scope: 'Namespaced';
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      subresources: { status: Record<string, never> };
      additionalPrinterColumns: PrinterColumn[];
      schema: { openAPIV3Schema: StructuralSchema };
    }[];
  };
}

const column = (name: string, jsonPath: string): PrinterColumn => ({ name, type: 'string', jsonPath });
const wide = (name: string, jsonPath: string, type: PrinterColumn['type'] = 'string'): PrinterColumn => ({
  name,
  type,
  jsonPath,
  priority: 1,
});

const canaryColumns = [
  column('Status', '.status.phase'),
  column('Weight', '.status.canaryWeight'),
  wide('Suspended', '.spec.suspend', 'boolean'),
  wide('FailedChecks', '.status.failedChecks'),
  wide('Interval', '.spec.analysis.interval'),
  wide('Mirror', '.spec.analysis.mirror', 'boolean'),
  wide('StepWeight', '.spec.analysis.stepWeight'),
  wide('StepWeights', '.spec.analysis.stepWeights'),
  wide('MaxWeight', '.spec.analysis.maxWeight'),
  column('LastTransitionTime', '.status.lastTransitionTime'),
];

interface Definition {
  readonly kind: Kind;
  readonly description: string;
  readonly spec: z.ZodType;
  readonly status?: z.ZodType;
  /** CEL about the spec. */
  readonly rules?: readonly { readonly rule: string; readonly message: string }[];
  readonly columns: PrinterColumn[];
}

const definitions: readonly Definition[] = [
  {
    kind: Canaries,
    description: 'A release policy for one workload.',
    spec: canarySpec,
    status: canaryStatus,
    rules: celRules,
    columns: canaryColumns,
  },
  {
    kind: MetricTemplates,
    description: 'A query that canaries refer to by name.',
    spec: metricTemplateSpec,
    columns: [column('Provider', '.spec.provider.type')],
  },
  {
    kind: AlertProviders,
    description: 'Where alerts of canaries go.',
    spec: alertProviderSpec,
    columns: [column('Type', '.spec.type')],
  },
];

/** The CRDs of Canary, MetricTemplate and AlertProvider; a new copy each time, for the caller to change. */
export function flaggerCrds(): CustomResourceDefinition[] {
  return structuredClone(definitions.map(define));
}

/** Conversion takes some ten milliseconds, and its result never changes. */
const converted = new Map<string, StructuralSchema>();

/** The schema of one of the three kinds; not to be changed. */
export function schemaOf({ kind }: Kind): StructuralSchema {
  let schema = converted.get(kind);
  if (!schema) {
    schema = rootSchema(definitions.find((definition) => definition.kind.kind === kind)!);
    converted.set(kind, schema);
  }
  return schema;
}

function rootSchema({ description, spec, status, rules }: Definition): StructuralSchema {
  return {
    description,
    type: 'object',
    properties: {
      apiVersion: { description: 'Version of the schema that this object follows.', type: 'string' },
      kind: { description: 'Kind of this object.', type: 'string' },
      metadata: { type: 'object' },
      spec: { ...structuralSchema(spec), ...(rules && { 'x-kubernetes-validations': rules }) },
      ...(status && { status: structuralSchema(status) }),
    },
  };
}

function define(definition: Definition): CustomResourceDefinition {
  const { group, version, kind, plural } = definition.kind;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      // Helm deletes CRDs, and every canary with them, when a chart that holds them goes; this forbids it.
      annotations: { 'helm.sh/resource-policy': 'keep' },
    },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase(), categories: ['all'] },
      scope: 'Namespaced',
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: definition.columns,
          schema: { openAPIV3Schema: schemaOf(definition.kind) },
        },
      ],
    },
  };
}
