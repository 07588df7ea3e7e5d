import type { Canary } from '../../api/canary.js';
import { strategyOf } from '../../api/defaults.js';
import { unmanagedByToolkit } from '../../api/ownership.js';
import type { Routes } from '../../ports/router.js';
import { headerRule } from './match.js';

type Annotations = Readonly<Record<string, string>>;

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Annotations of a new canary Ingress: the apex Ingress's own, but for those that route. */
export function copiedAnnotations(apex: Annotations, prefix: string): Annotations {
  const { [lastApplied]: _dropped, ...copied } = withoutCanary(apex, prefix);
  return { ...copied, ...unmanagedByToolkit };
}

/** `current` with the traffic that `desired` asks for; every annotation that does not route is kept. */
export function routedAnnotations(
  current: Annotations,
  apex: Annotations,
  prefix: string,
  canary: Canary,
  desired: Routes,
): Annotations {
  if (!isTest(canary)) {
    return {
      ...closedAnnotations(current, prefix),
      ...chosenByUser(apex, prefix),
      ...weighted(prefix, desired.canary),
    };
  }
  const closed = closedAnnotations(current, prefix);
  if (desired.canary === 0) return closed;
  const { cookie, header, value, pattern } = headerRule(canary.spec.analysis.match ?? []);
  return {
    ...closed,
    ...(cookie ? { [`${prefix}/canary-by-cookie`]: cookie } : {}),
    ...(header ? { [`${prefix}/canary-by-header`]: header } : {}),
    ...(value ? { [`${prefix}/canary-by-header-value`]: value } : {}),
    ...(pattern ? { [`${prefix}/canary-by-header-pattern`]: pattern } : {}),
  };
}

/** `current` with nobody sent to the canary. */
export function closedAnnotations(current: Annotations, prefix: string): Annotations {
  return { ...withoutCanary(current, prefix), ...unmanagedByToolkit, ...weighted(prefix, 0) };
}

/** What the annotations say; undefined when they are no canary's, or their weight is no percentage. */
export function routesOf(annotations: Annotations, prefix: string, canary: Canary): Routes | undefined {
  if (!isCanary(annotations, prefix)) return undefined;
  const chosen = [`${prefix}/canary-by-cookie`, `${prefix}/canary-by-header`].some(
    (key) => key in annotations,
  );
  if (chosen && isTest(canary)) return { primary: 0, canary: 100, mirrored: false };
  const weight = annotations[`${prefix}/canary-weight`] ?? '';
  if (!/^\d{1,3}$/.test(weight) || Number(weight) > 100) return undefined;
  return { primary: 100 - Number(weight), canary: Number(weight), mirrored: false };
}

export function isCanary(annotations: Annotations, prefix: string): boolean {
  return annotations[`${prefix}/canary`] === 'true';
}

function isTest({ spec }: Canary): boolean {
  return strategyOf(spec) === 'ab-testing';
}

/**
 * In a release by weights, who always gets the canary (or never) is the user's to say, on the apex Ingress: on the canary
 * Ingress it cannot be told from what an A/B test left there.
 */
function chosenByUser(annotations: Annotations, prefix: string): Annotations {
  const names = ['cookie', 'header', 'header-value', 'header-pattern'].map(
    (by) => `${prefix}/canary-by-${by}`,
  );
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => names.includes(key)));
}

function weighted(prefix: string, weight: number): Annotations {
  return { [`${prefix}/canary`]: 'true', [`${prefix}/canary-weight`]: String(weight) };
}

function withoutCanary(annotations: Annotations, prefix: string): Annotations {
  const own = `${prefix}/canary`;
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.startsWith(own)));
}
