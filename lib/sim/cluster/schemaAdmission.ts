import type { KubeObject } from '../../api/kinds.js';
import { admit } from '../../api/schema/admit.js';
import type { StructuralSchema } from '../../api/schema/structural.js';
import { verdicts } from '../../api/validation/specRules.js';
import type { Stored } from './objectStore.js';
import { invalid } from './refusals.js';
import type { ServedKind } from './servedKinds.js';

/** A custom object pruned and with its defaults. Throws 422 for what its schema, or a CEL rule of ours, forbids. */
export function admitCustom(
  kind: ServedKind,
  schema: StructuralSchema,
  object: KubeObject,
  before: Stored | undefined,
): KubeObject {
  const { metadata, apiVersion, kind: kindName, ...body } = object;
  const { object: admitted, errors } = admit<object>(schema, body, {
    verdicts,
    before: before?.object,
    isSettled: before?.kind.schema === schema,
  });
  if (errors.length > 0) throw invalid(kind, metadata.name ?? '', errors);
  return { apiVersion, kind: kindName, metadata, ...admitted } as KubeObject;
}

/** A write of the status subresource: the rest of the object is what was admitted before, and stays as it is. */
export function admitStatus(
  kind: ServedKind,
  schema: StructuralSchema,
  live: Stored,
  object: KubeObject,
): KubeObject {
  const { status } = object as KubeObject & { status?: unknown };
  const { status: old, ...rest } = live.object as KubeObject & { status?: unknown };
  const before = old === undefined ? {} : { status: old };
  const { object: admitted, errors } = admit<object>(
    statusSchema(schema),
    { status },
    { verdicts, before, isSettled: live.kind.schema === kind.schema },
  );
  if (errors.length > 0) throw invalid(kind, live.object.metadata.name ?? '', errors);
  return admitted === before ? live.object : { ...rest, ...admitted };
}

const statusSchemas = new WeakMap<StructuralSchema, StructuralSchema>();

/** What of a schema is about the status; made once a schema, as more is remembered by it. */
function statusSchema(schema: StructuralSchema): StructuralSchema {
  const known = statusSchemas.get(schema);
  if (known) return known;
  const { properties, 'x-kubernetes-preserve-unknown-fields': open } = schema;
  const made: StructuralSchema = {
    type: 'object',
    properties: properties?.status ? { status: properties.status } : {},
    ...(open && { 'x-kubernetes-preserve-unknown-fields': open }),
  };
  statusSchemas.set(schema, made);
  return made;
}
