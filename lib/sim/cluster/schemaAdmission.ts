import type { KubeObject } from '../../api/kinds.js';
import { admit } from '../../api/schema/admit.js';
import type { StructuralSchema } from '../../api/schema/structural.js';
import { invalid } from './refusals.js';
import type { ServedKind } from './servedKinds.js';

/** A custom object pruned and with its defaults. Throws 422 for what its schema forbids. */
export function admitCustom(kind: ServedKind, schema: StructuralSchema, object: KubeObject): KubeObject {
  const { metadata, apiVersion, kind: kindName, ...body } = object;
  const { object: admitted, errors } = admit(schema, body);
  if (errors.length > 0) throw invalid(kind, metadata.name ?? '', errors);
  return { apiVersion, kind: kindName, metadata, ...admitted } as KubeObject;
}
