import type { Canary } from '../../api/canary.js';
import { unmanagedByToolkit } from '../../api/ownership.js';
import type { Routes } from '../../ports/router.js';
import { headerRule } from './match.js';

type Annotations = Readonly<Record<string, string>>;

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Annotations of a new canary Ingress: the apex Ingress's own, and no traffic. */
export function copiedAnnotations(apex: Annotations, prefix: string): Annotations {
  const { [lastApplied]: _dropped, ...copied } = withoutCanary(apex, prefix);
  return { ...copied, ...chosenByUser(apex, prefix), ...unmanagedByToolkit, ...weighted(prefix, 0) };
}

/** `current` with the traffic that `desired` asks for; every annotation that does not route is kept. */
export function routedAnnotations(
  current: Annotations,
  prefix: string,
  canary: Canary,
  desired: Routes,
): Annotations {
  const matches = canary.spec.analysis.match ?? [];
  const kept = {
    ...withoutCanary(current, prefix),
    ...(matches.length === 0 && chosenByUser(current, prefix)),
  };
  if (desired.canary === 0) return { ...kept, ...unmanagedByToolkit, ...weighted(prefix, 0) };
  if (matches.length === 0) return { ...kept, ...weighted(prefix, desired.canary) };
  const { cookie, header, value, pattern } = headerRule(matches);
  return {
    ...kept,
    ...weighted(prefix, 0),
    ...(cookie ? { [`${prefix}/canary-by-cookie`]: cookie } : {}),
    ...(header ? { [`${prefix}/canary-by-header`]: header } : {}),
    ...(value ? { [`${prefix}/canary-by-header-value`]: value } : {}),
    ...(pattern ? { [`${prefix}/canary-by-header-pattern`]: pattern } : {}),
  };
}

/** What the annotations say; undefined when they are no canary's, or their weight is no percentage. */
export function routesOf(annotations: Annotations, prefix: string, canary: Canary): Routes | undefined {
  if (annotations[`${prefix}/canary`] !== 'true') return undefined;
  const chosen = [`${prefix}/canary-by-cookie`, `${prefix}/canary-by-header`].some(
    (key) => key in annotations,
  );
  if (chosen && (canary.spec.analysis.match ?? []).length > 0)
    return { primary: 0, canary: 100, mirrored: false };
  const weight = annotations[`${prefix}/canary-weight`] ?? '';
  if (!/^\d{1,3}$/.test(weight) || Number(weight) > 100) return undefined;
  return { primary: 100 - Number(weight), canary: Number(weight), mirrored: false };
}

/** In a release by weights, who always gets the canary (or never) is the user's to say, on either Ingress. */
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
