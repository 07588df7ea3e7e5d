import { standingOf } from '../../lib/core/situation.js';
import { changeStatus } from '../../lib/core/status.js';
import { World } from './model.js';

const sessionAffinity = { cookieName: 'tester', primaryCookieName: 'user' };
const all = { weights: true, abTest: true, mirror: true, sessionAffinity: true };

function after(weight: number, status = {}, analysis = {}, router = all) {
  const { canary } = new World({ analysis: { stepWeight: 10, sessionAffinity, ...analysis } });
  const standing = standingOf({
    now: 1_000,
    canary: { ...canary, status: { phase: 'Progressing', ...status } },
    provider: 'istio',
    router,
  });
  return changeStatus(standing, { canaryWeight: weight });
}

test('with the first share of traffic come the cookies, and they stay for the run', () => {
  const first = after(10);
  expect(first.sessionAffinityCookie).toMatch(/^tester=[a-zA-Z]{10}$/);
  expect(first.primarySessionAffinityCookie).toMatch(/^user=[a-zA-Z]{10}$/);
  const kept = { sessionAffinityCookie: 'tester=abc', primarySessionAffinityCookie: 'user=xyz' };
  expect(after(20, kept)).toMatchObject(kept);
});

test('when the canary has no traffic any more its cookie is the previous one', () => {
  const status = after(0, { sessionAffinityCookie: 'tester=abc' });
  expect(status.previousSessionAffinityCookie).toBe('tester=abc');
  expect(status).not.toHaveProperty('sessionAffinityCookie');
  expect(after(0, { previousSessionAffinityCookie: 'tester=old' }).previousSessionAffinityCookie).toBe(
    'tester=old',
  );
});

test('the primary has a cookie where the policy names none for it, and another one in the next run', () => {
  const own = after(10, {}, { sessionAffinity: { cookieName: 'tester' } });
  expect(own.primarySessionAffinityCookie).toMatch(/^tester=[a-zA-Z]{10}$/);
  expect(own.primarySessionAffinityCookie).not.toBe(own.sessionAffinityCookie);
  expect(after(0, own)).not.toHaveProperty('primarySessionAffinityCookie');
});

test('there are none without traffic, in an A/B test, or on a router that knows no cookies', () => {
  const match = [{ headers: { 'x-a': { exact: 'b' } } }];
  for (const status of [
    after(0),
    after(100, {}, { iterations: 3, stepWeight: undefined, match }),
    after(10, {}, {}, { ...all, sessionAffinity: false }),
  ]) {
    expect(status).not.toHaveProperty('sessionAffinityCookie');
  }
});

test('a decision made twice gives out the same cookie', () => {
  expect(after(10).sessionAffinityCookie).toBe(after(10).sessionAffinityCookie);
});
