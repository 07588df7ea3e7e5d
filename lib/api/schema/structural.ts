import * as z from 'zod';

/** A structural schema, as apiextensions.k8s.io/v1 takes it. */
export interface StructuralSchema {
  description?: string;
  type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  format?: string;
  required?: readonly string[];
  properties?: Readonly<Record<string, StructuralSchema>>;
  additionalProperties?: StructuralSchema;
  items?: StructuralSchema;
  enum?: readonly unknown[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  default?: unknown;
  nullable?: boolean;
  oneOf?: readonly StructuralSchema[];
  anyOf?: readonly StructuralSchema[];
  allOf?: readonly StructuralSchema[];
  not?: StructuralSchema;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-validations'?: readonly { readonly rule: string; readonly message?: string }[];
}

type JsonSchema = Readonly<Record<string, unknown>>;

/** Keywords that mean the same in JSON Schema and in a CRD, in the order they are printed. */
const carried = [
  'description',
  'type',
  'format',
  'default',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'required',
  'oneOf',
  'x-kubernetes-validations',
] as const;

/** The CRD's form of a zod schema. What a CRD cannot say (`additionalProperties: false`, `const`) is left out. */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  return convert(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema);
}

function convert(schema: JsonSchema): StructuralSchema {
  if (schema['x-kubernetes-int-or-string']) {
    return { description: schema.description as string, 'x-kubernetes-int-or-string': true };
  }
  const result: Record<string, unknown> = {};
  for (const keyword of carried) {
    if (schema[keyword] !== undefined) result[keyword] = schema[keyword];
  }
  const { properties, additionalProperties, items } = schema;
  if (isSchema(properties)) {
    result.properties = Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, convert(property as JsonSchema)]),
    );
  }
  if (isSchema(additionalProperties)) result.additionalProperties = convert(additionalProperties);
  if (isSchema(items)) result.items = convert(items);
  return result;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}
