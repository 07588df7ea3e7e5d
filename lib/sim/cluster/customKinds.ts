import type { KubeObject } from '../../api/kinds.js';
import type { StructuralSchema } from '../../api/schema/structural.js';
import { isObject } from './json.js';
import type { ServedKind } from './servedKinds.js';

interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly schema?: { readonly openAPIV3Schema?: StructuralSchema };
  readonly subresources?: { readonly status?: object };
}

export interface CustomResourceDefinition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly DefinitionVersion[];
  };
}

export function isDefinition(kind: ServedKind): boolean {
  return kind.kind === 'CustomResourceDefinition' && kind.group === 'apiextensions.k8s.io';
}

/** The kinds that a CustomResourceDefinition makes the server serve, one a version. */
export function customKinds({ spec }: CustomResourceDefinition): ServedKind[] {
  return spec.versions
    .filter(({ served }) => served)
    .map((version) => ({
      group: spec.group,
      version: version.name,
      kind: spec.names.kind,
      plural: spec.names.plural,
      namespaced: spec.scope === 'Namespaced',
      status: isObject(version.subresources?.status),
      generation: true,
      unconditionalUpdate: false,
      ...(version.schema?.openAPIV3Schema && { schema: version.schema.openAPIV3Schema }),
    }));
}
