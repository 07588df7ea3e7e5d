import { Testing } from 'cdk8s';
import { faulty, neverReady, simulate, slow, traffic } from 'perch/testing';
import 'perch/testing/jest';
import { Shop } from './shop.ts';

const shop = () => simulate(new Shop(Testing.app()), { traffic: traffic.steady({ rps: 50 }) });
const image = 'ghcr.io/stefanprodan/podinfo:6.9.1';

test('a healthy version is with everybody within five minutes', async () => {
  expect(await shop().release({ image })).toHavePromoted({ within: '5m' });
});

test('a version with 5 % errors is gone before 200 requests have failed', async () => {
  const rollout = await shop().release({ image, behaves: faulty({ errorRate: 0.05 }) });
  expect(rollout).toHaveRolledBack({ within: '3m', because: 'success rate', failedRequestsAtMost: 200 });
});

test('a slow version is rolled back by its latency', async () => {
  const rollout = await shop().release({ image, behaves: slow({ median: '800ms' }) });
  expect(rollout).toHaveRolledBack({ because: 'duration' });
  expect(rollout).toHaveExposed({ percent: 25 });
});

test('users never meet a version that does not get ready', async () => {
  const rollout = await shop().release({ image, behaves: neverReady() });
  expect(rollout).toHaveRolledBack();
  expect(rollout).toHaveExposed({ requests: 0 });
});
