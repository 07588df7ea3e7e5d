import type { CanarySpec } from '../../canary.js';

/** One rule, once for the API server and once for us; a property test holds the two together. */
export interface SpecRule {
  /** The field to blame, or the list that holds it. */
  readonly path: string;
  /** Which one of the list. */
  readonly blame?: (spec: CanarySpec) => string;
  /** CEL; `self` is the spec. */
  readonly rule: string;
  /** The same of a spec whose fields are each valid. */
  readonly holds: (spec: CanarySpec) => boolean;
  /** What follows `expected`. */
  readonly expected: string;
  /** What follows `got`. */
  readonly given: (spec: CanarySpec) => string;
  readonly remedy: string;
}
