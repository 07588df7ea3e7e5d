import type { Canary, SessionAffinity } from '../../api/canary.js';
import { analysisIntervalMs, strategyOf } from '../../api/defaults.js';

/** A cookie that keeps its bearer on one version. */
export interface StickyCookie {
  /** RE2, for the whole Cookie header. */
  readonly pattern: string;
  /** Value of the Set-Cookie header that hands it out. */
  readonly header: string;
}

/** The cookies in force, as `status` has them. */
export interface Session {
  /** Keeps its bearer on the canary. */
  readonly canary?: StickyCookie;
  /** Keeps its bearer on the primary, for one interval. */
  readonly primary?: StickyCookie;
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
  const primary = sessionAffinity.primaryCookieName ? status?.primarySessionAffinityCookie : undefined;
  const maxAge = sessionAffinity.maxAge || 86_400;
  return {
    ...(canary && { canary: sticky(canary, maxAge, sessionAffinity) }),
    ...(primary && { primary: sticky(primary, analysisIntervalMs(spec) / 1000, sessionAffinity) }),
  };
}

function sticky(cookie: string, maxAge: number, options: SessionAffinity): StickyCookie {
  const { domain, httpOnly, partitioned, path, sameSite, secure } = options;
  const attributes = [
    cookie,
    `Max-Age=${maxAge}`,
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
