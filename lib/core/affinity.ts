import type { CanaryStatus } from '../api/canary.js';
import { desiredRoutes } from './routes.js';
import type { Standing } from './situation.js';

type Cookies = Pick<
  CanaryStatus,
  'sessionAffinityCookie' | 'primarySessionAffinityCookie' | 'previousSessionAffinityCookie'
>;

/**
 * The cookies that hold clients on a version while `next` sends traffic to both, as in Flagger: handed out with the
 * first share, and once there is none remembered as the previous ones, for the router to take back.
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
    return own ? { previousSessionAffinityCookie: own, sessionAffinityCookie: undefined } : {};
  }
  const { cookieName, primaryCookieName } = sessionAffinity;
  return {
    sessionAffinityCookie: own || newCookie(standing, cookieName),
    ...(primaryCookieName && {
      primarySessionAffinityCookie: primary || newCookie(standing, primaryCookieName),
    }),
  };
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * `name=` and ten letters, of which no other run has the same. They follow from the canary and the moment, so that a
 * decision made again after a crash is the same; Flagger draws them.
 */
function newCookie({ canary, now }: Standing, name: string): string {
  let state = 0x811c9dc5;
  let value = '';
  const seed = `${canary.metadata.uid ?? canary.metadata.name} ${now} ${name}`;
  for (let index = 0; index < 10; index++) {
    for (const character of `${index} ${seed}`) {
      state = Math.imul(state ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    }
    value += letters[(state >>> 8) % letters.length];
  }
  return `${name}=${value}`;
}
