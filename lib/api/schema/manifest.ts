import * as z from 'zod';

/** What surrounds the spec of every kind; metadata is the API server's to check, so all of it is carried along. */
export function manifest<Spec extends z.ZodType>(kind: string, spec: Spec) {
  return z.looseObject({
    apiVersion: z.literal('flagger.app/v1beta1'),
    kind: z.literal(kind),
    metadata: z.looseObject({ name: z.string().min(1, { error: 'a name' }) }),
    spec,
  });
}
