import type { KubeObject } from '../../api/kinds.js';
import { admit } from '../../api/schema/admit.js';
import type { StructuralSchema } from '../../api/schema/structural.js';
import { verdicts } from '../../api/validation/specRules.js';
import { invalid } from './refusals.js';
import type { ServedKind } from './servedKinds.js';

/** A custom object pruned and with its defaults. Throws 422 for what its schema, or a CEL rule of ours, forbids. */
export function admitCustom(
  kind: ServedKind,
  schema: StructuralSchema,
  object: KubeObject,
  before: KubeObject | undefined,
): KubeObject {
  const { metadata, apiVersion, kind: kindName, ...body } = object;
  const { object: admitted, errors } = admit<object>(schema, body, { verdicts, before });
  if (errors.length > 0) throw invalid(kind, metadata.name ?? '', errors);
  return { apiVersion, kind: kindName, metadata, ...admitted } as KubeObject;
}
