import type { Shape } from './shape.js';

/** A key of a Secret; perch never sees the value. */
export interface SecretKey {
  /** Name of the Secret, in the namespace of whoever reads it. */
  readonly secretName: string;
  /** @default address */
  readonly key?: string;
}

export const secretKeyShape: Shape<SecretKey> = { secretName: { required: 'text' }, key: 'text' };
