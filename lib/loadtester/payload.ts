import * as z from 'zod';

const schema = z.object({
  name: z.string().default(''),
  namespace: z.string().default(''),
  phase: z.string().default(''),
  metadata: z.record(z.string(), z.string()).default({}),
});

/** The body of a canary's webhook: which canary calls, and the metadata of its hook. Values are always strings. */
export type Payload = z.infer<typeof schema>;

/** Undefined when the text is not a webhook's body. */
export function parsePayload(body: string): Payload | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const parsed = schema.safeParse(withoutNulls(json));
  return parsed.success ? parsed.data : undefined;
}

/** `name.namespace`, as gates and tasks are kept by. */
export function canaryOf(payload: Pick<Payload, 'name' | 'namespace'>): string {
  return `${payload.name}.${payload.namespace}`;
}

/** A null field counts as absent, as it does for Flagger's own JSON decoder. */
function withoutNulls(json: unknown): unknown {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return json;
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));
}
