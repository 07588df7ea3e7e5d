import type { Canary } from '../../api/canary.js';
import { primaryName } from '../../api/defaults.js';

/** How Flagger names things in its texts. */
export interface Names {
  /** `<canary>.<namespace>` */
  readonly canary: string;
  /** `<target>.<namespace>` */
  readonly target: string;
  /** `<target>-primary.<namespace>` */
  readonly primary: string;
  readonly kind: string;
}

export function namesOf(canary: Canary): Names {
  const { name = '', namespace = '' } = canary.metadata;
  const { targetRef } = canary.spec;
  return {
    canary: `${name}.${namespace}`,
    target: `${targetRef.name}.${namespace}`,
    primary: `${primaryName(canary)}.${namespace}`,
    kind: targetRef.kind,
  };
}
