import { Duration } from 'cdk8s';
import type { RouterName } from '../../lib/api/providers.js';
import { Match, Strategy } from '../../lib/index.js';
import fc from '../property.js';
import { createChart, failure } from './bench.js';

const render = (strategy: Strategy, provider: RouterName = 'nginx') =>
  strategy.render(createChart(), provider);

describe('Strategy', () => {
  test('canary takes equal steps up to the most it may get', () => {
    const strategy = Strategy.canary({
      stepWeight: 5,
      maxWeight: 50,
      interval: Duration.seconds(10),
      threshold: 10,
      stepWeightPromotion: 20,
    });
    expect(render(strategy)).toEqual({
      interval: '10s',
      threshold: 10,
      stepWeight: 5,
      maxWeight: 50,
      stepWeightPromotion: 20,
    });
  });

  test('canary takes steps of your own instead', () => {
    expect(render(Strategy.canary({ stepWeights: [1, 10, 50] }))).toEqual({
      interval: '1m',
      threshold: 5,
      stepWeights: [1, 10, 50],
    });
  });

  test('blue/green counts its checks', () => {
    expect(render(Strategy.blueGreen({ iterations: 3, interval: Duration.seconds(90) }))).toEqual({
      interval: '90s',
      threshold: 5,
      iterations: 3,
    });
  });

  test('A/B chooses requests by header or cookie', () => {
    const match = [Match.header('X-Canary', { exact: 'insider' }), Match.cookie('canary')];
    expect(render(Strategy.abTest({ match, iterations: 3 })).match).toEqual([
      { headers: { 'x-canary': { exact: 'insider' } } },
      { headers: { cookie: { exact: 'canary' } } },
    ]);
  });

  test('a cookie is the same one whatever the routing', () => {
    const strategy = Strategy.abTest({ match: [Match.cookie('a.b')] });
    const [match] = render(strategy, 'gatewayapi:v1').match ?? [];
    const { regex = '' } = match?.headers?.cookie ?? {};
    const takes = (cookie: string) => new RegExp(regex).test(cookie);
    expect(
      ['a.b=always', 'x=1; a.b=always', 'a.b=always; x=1', 'x=1;a.b=always;y=2'].filter(takes),
    ).toHaveLength(4);
    expect(['a.b=never', 'a.b=alwayss', 'xa.b=always', 'axb=always', ''].filter(takes)).toEqual([]);
  });

  test('copies are made of all requests, or of a share', () => {
    expect(render(Strategy.canary({ mirror: true }))).toMatchObject({ mirror: true, stepWeight: 10 });
    expect(render(Strategy.blueGreen({ mirror: { percent: 20 } }))).toMatchObject({
      mirror: true,
      mirrorWeight: 20,
    });
    expect(failure(() => render(Strategy.canary({ mirror: { percent: 0 } }))).code).toBe(
      'CONSTRUCT_OUT_OF_RANGE',
    );
  });

  test('both cookies of session affinity are said with their attributes', () => {
    const sessionAffinity = {
      cookieName: 'version',
      primaryCookieName: 'stable',
      maxAge: Duration.hours(1),
      sameSite: 'Lax',
      secure: true,
    } as const;
    expect(render(Strategy.canary({ sessionAffinity })).sessionAffinity).toEqual({
      ...sessionAffinity,
      maxAge: 3600,
    });
    expect(render(Strategy.canary({ sessionAffinity: { cookieName: 'v' } })).sessionAffinity).toEqual({
      cookieName: 'v',
      maxAge: 86_400,
    });
  });

  test.each([
    [{ cookieName: 'a b' }, '"a b"'],
    [{ cookieName: 'v', primaryCookieName: 'v' }, '"v" for both'],
  ])('refuses the cookies %p', (sessionAffinity, got) => {
    const error = failure(() => render(Strategy.canary({ sessionAffinity })));
    expect(error.code).toBe('CONSTRUCT_COOKIE');
    expect(error.message).toContain(`got ${got}`);
  });

  test('canary accepts exactly the pairs in which the first step is allowed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5, max: 110 }),
        fc.integer({ min: -5, max: 110 }),
        (stepWeight, maxWeight) => {
          const valid = stepWeight >= 1 && stepWeight <= maxWeight && maxWeight <= 100;
          const attempt = () => render(Strategy.canary({ stepWeight, maxWeight }));
          if (valid) expect(attempt()).toMatchObject({ stepWeight, maxWeight });
          else expect(failure(attempt).code).toMatch(/^CONSTRUCT_(WEIGHTS|OUT_OF_RANGE)$/);
        },
      ),
    );
  });

  test('quotes both weights when the first step is too large', () => {
    const error = failure(() => render(Strategy.canary({ stepWeight: 60, maxWeight: 50 })));
    expect(error.message).toBe(
      'expected maxWeight of at least stepWeight, got maxWeight 50 and stepWeight 60',
    );
    expect(error.path).toBe('chart');
  });

  test.each([
    ['falling steps', Strategy.canary({ stepWeights: [10, 5] }), 'CONSTRUCT_WEIGHTS'],
    ['both kinds of steps', Strategy.canary({ stepWeights: [10], stepWeight: 5 }), 'CONSTRUCT_WEIGHTS'],
    ['no steps', Strategy.canary({ stepWeights: [] }), 'CONSTRUCT_OUT_OF_RANGE'],
    ['a threshold of 0', Strategy.canary({ threshold: 0 }), 'CONSTRUCT_OUT_OF_RANGE'],
    ['half a threshold', Strategy.canary({ threshold: 1.5 }), 'CONSTRUCT_OUT_OF_RANGE'],
    [
      'an interval that the controller would raise',
      Strategy.canary({ interval: Duration.seconds(5) }),
      'CONSTRUCT_OUT_OF_RANGE',
    ],
    ['an interval of half a second', Strategy.canary({ interval: Duration.millis(500) }), 'CONSTRUCT_PERIOD'],
    ['no iterations', Strategy.blueGreen({ iterations: 0 }), 'CONSTRUCT_OUT_OF_RANGE'],
    ['an A/B test of nobody', Strategy.abTest({ match: [] }), 'CONSTRUCT_OUT_OF_RANGE'],
  ])('refuses %s', (_what, strategy, code) => {
    expect(failure(() => render(strategy)).code).toBe(code);
  });
});
