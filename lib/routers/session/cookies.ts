import type { Canary, SessionAffinity } from '../../api/canary.js';
import { strategyOf } from '../../api/defaults.js';
import { type Generation, generationsBelow } from './generations.js';

/** A cookie that keeps its bearer on one version. */
export interface StickyCookie {
  /** RE2, for the whole Cookie header. */
  readonly pattern: string;
  /** Value of the Set-Cookie header that hands it out. */
  readonly header: string;
}

/** Bearers of a cookie that kept them on the primary while the canary's weight was lower. */
export interface EarlierBearers {
  readonly pattern: string;
  /** Percent that the canary had then. */
  readonly weight: number;
}

/** The cookies in force, as `status` has them. */
export interface Session {
  /** Keeps its bearer on the canary. */
  readonly canary?: StickyCookie;
  /** Keeps its bearer on the primary, until the weight changes. */
  readonly primary?: StickyCookie;
  /** Those who were kept on the primary at a lower weight, and of whom some have to go over now. */
  readonly earlier?: readonly EarlierBearers[];
  /** Of a run that is over: whoever still bears it is told to forget it. */
  readonly previous?: StickyCookie;
}

/** The session of a canary with `analysis.sessionAffinity`; undefined for one without, and in an A/B test. */
export function sessionOf({ spec, status }: Canary, canaryWeight: number): Session | undefined {
  const { sessionAffinity } = spec.analysis;
  if (!sessionAffinity || strategyOf(spec) === 'ab-testing') return undefined;
  if (canaryWeight === 0) {
    const previous = status?.previousSessionAffinityCookie;
    return previous ? { previous: expired(previous, sessionAffinity) } : {};
  }
  const canary = status?.sessionAffinityCookie;
  const primary = status?.primarySessionAffinityCookie;
  const earlier = generationsBelow(canaryWeight, spec);
  return {
    ...(canary && { canary: sticky(canary, sessionAffinity) }),
    ...(primary && {
      primary: sticky(ofWeight(primary, canaryWeight), sessionAffinity),
      earlier: earlier.map((generation) => bearers(primary, generation)),
    }),
  };
}

/** The primary's cookie as it is handed out while the canary has so many percent. */
function ofWeight(cookie: string, weight: number): string {
  return `${cookie}${digits(weight)}`;
}

function bearers(cookie: string, weights: Generation): EarlierBearers {
  const [name, value] = cookie.split('=');
  return {
    pattern: `.*${name}.*${value}(${weights.map(digits).join('|')}).*`,
    weight: Math.max(...weights),
  };
}

/** Always three, so that no weight is the beginning of another. */
function digits(weight: number): string {
  return String(weight).padStart(3, '0');
}

function sticky(cookie: string, options: SessionAffinity): StickyCookie {
  const { domain, httpOnly, partitioned, path, sameSite, secure } = options;
  const attributes = [
    cookie,
    `Max-Age=${options.maxAge || 86_400}`,
    ...(domain ? [`Domain=${domain}`] : []),
    ...(httpOnly ? ['HttpOnly'] : []),
    ...(partitioned ? ['Partitioned'] : []),
    ...(path ? [`Path=${path}`] : []),
    ...(sameSite ? [`SameSite=${sameSite}`] : []),
    ...(secure ? ['Secure'] : []),
  ];
  return { pattern: patternOf(cookie), header: attributes.join('; ') };
}

/** A browser forgets a cookie only when domain and path are those that it came with; Flagger leaves them out. */
function expired(cookie: string, { domain, path }: SessionAffinity): StickyCookie {
  const place = `${domain ? `; Domain=${domain}` : ''}${path ? `; Path=${path}` : ''}`;
  return { pattern: patternOf(cookie), header: `${cookie}; Max-Age=-1${place}` };
}

function patternOf(cookie: string): string {
  const [name = '', value = ''] = cookie.split('=');
  return `.*${name}.*${value}.*`;
}
