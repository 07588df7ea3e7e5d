import type { CanaryStatus } from '../api/canary.js';
import { desiredRoutes } from './routes.js';
import type { Standing } from './situation.js';

type Cookies = Pick<
  CanaryStatus,
  'sessionAffinityCookie' | 'primarySessionAffinityCookie' | 'previousSessionAffinityCookie'
>;

/**
 * The cookies that hold clients on a version while `next` sends traffic to both: made with the first share, and once
 * there is none the canary's is remembered as the previous one, for the router to take back. The primary has one too
 * where Flagger gives it none, since without it a client is drawn anew at every request until the canary has all;
 * it is another in each run, since a router reads from it at which weight of this run a client was drawn.
 */
export function sessionCookies(
  standing: Standing,
  next: CanaryStatus,
): { [F in keyof Cookies]: Cookies[F] | undefined } {
  const { spec, router } = standing;
  const { sessionAffinity } = spec.analysis;
  if (!sessionAffinity || !router.sessionAffinity || standing.strategy === 'ab-testing') return {};
  const { sessionAffinityCookie: own, primarySessionAffinityCookie: primary } = next;
  if (desiredRoutes(spec, next, router).canary === 0) {
    return {
      ...(primary && { primarySessionAffinityCookie: undefined }),
      ...(own && { previousSessionAffinityCookie: own, sessionAffinityCookie: undefined }),
    };
  }
  const { cookieName, primaryCookieName } = sessionAffinity;
  return {
    sessionAffinityCookie: own || newCookie(standing, cookieName, 'canary'),
    primarySessionAffinityCookie: primary || newCookie(standing, primaryCookieName || cookieName, 'primary'),
  };
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * `name=` and ten letters, of which no other run has the same. They follow from the canary and the moment, so that a
 * decision made again after a crash is the same; Flagger draws them.
 */
function newCookie({ canary, now }: Standing, name: string, version: 'canary' | 'primary'): string {
  let state = 0x811c9dc5;
  let value = '';
  const seed = `${canary.metadata.uid ?? canary.metadata.name} ${now} ${name} ${version}`;
  for (let index = 0; index < 10; index++) {
    for (const character of `${index} ${seed}`) {
      state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    }
    value += letters[(state >>> 8) % letters.length];
  }
  return `${name}=${value}`;
}
