import { PerchError } from '../api/errors.js';
import { Secrets } from '../api/workloads.js';
import type { Objects } from '../ports/objects.js';

/** A Secret's values, decoded; read live each time and kept nowhere. */
export async function readSecret(
  objects: Objects,
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const secret = await objects.fetch(Secrets, { namespace, name });
  if (!secret) {
    throw new PerchError({
      code: 'ENGINE_SECRET_NOT_FOUND',
      message: `secrets "${name}" not found in namespace ${namespace}`,
      remedy: 'create the Secret in the namespace of the object that names it',
      path: 'spec.provider.secretRef.name',
    });
  }
  return Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}
