import type { KubeObject } from '../../lib/api/kinds.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World, type WorldOptions } from '../../lib/sim/world.js';
import { host, namespace, podinfo, release } from './podinfo.js';
import { initialized, messages, statusOf } from './stage.js';

const rate = { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m', onNoData: 'wait' };

/** What is said of the metric once the canary has had its first share of the traffic for two checks. */
async function diagnosisOf(options: WorldOptions, analysis: object = {}): Promise<string> {
  const world = await initialized(options, { webhooks: [], metrics: [rate], ...analysis });
  return saidOnRelease(world);
}

async function saidOnRelease(world: World): Promise<string> {
  world.setImage(namespace, 'podinfo', release('6.9.1'));
  const begun = async () => {
    const { canaryWeight = 0, iterations = 0 } = (await statusOf(world)) ?? {};
    return canaryWeight + iterations > 0;
  };
  expect(await world.clock.runUntil(begun, 60_000)).toBe(true);
  await world.clock.advance(21_000);
  return (
    messages(world).find((text) => text.includes('no values found') || text.includes('query failed')) ?? ''
  );
}

const loadTest = (command: string) => ({
  name: 'load-test',
  url: 'http://loadtester.test/',
  metadata: { cmd: command },
});

const flaggers =
  'Halt advancement no values found for nginx metric request-success-rate probably podinfo.test is not receiving traffic: running query failed: no values found; ';

describe('a built-in metric without values says which link is broken', () => {
  it('nothing scrapes the router', async () => {
    expect(await diagnosisOf({ scrapesRouter: false, traffic: traffic.steady({ rps: 20, host }) })).toContain(
      `${flaggers}nothing scrapes ingress-nginx: the metrics server has no series nginx_ingress_controller_requests`,
    );
  });

  it('nobody calls anything', async () => {
    expect(await diagnosisOf({ traffic: [] })).toContain(
      `${flaggers}ingress-nginx is scraped, and has had no request at all`,
    );
  });

  it('the load test calls another host than the Ingress answers for', async () => {
    const webhooks = [loadTest('hey -z 1m -q 10 -c 2 http://other.example.com/')];
    expect(await diagnosisOf({ traffic: [] }, { webhooks })).toContain(
      `${flaggers}load test load-test calls other.example.com, and Ingress podinfo answers for app.example.com`,
    );
  });

  it('the load test calls the Service, past the Ingress', async () => {
    const webhooks = [loadTest('hey -z 1m -q 10 -c 2 http://podinfo-canary.test/')];
    expect(await diagnosisOf({ traffic: [] }, { webhooks })).toContain(
      `${flaggers}load test load-test calls podinfo-canary.test, and Ingress podinfo answers for app.example.com`,
    );
  });

  it('the series exists for the primary, and not for the canary', async () => {
    const match = [{ headers: { 'x-canary': { exact: 'yes' } } }];
    const abTest = { match, iterations: 5, maxWeight: undefined, stepWeight: undefined };
    expect(await diagnosisOf({}, abTest)).toContain(
      `${flaggers}ingress-nginx has counted requests for the primary and none for the canary`,
    );
  });

  it('the metrics server cannot be reached', async () => {
    const world = createWorld();
    const objects = podinfo('6.9.0', { webhooks: [], metrics: [rate] });
    world.apply(objects.map((object) => withMetricsServer(object, 'http://gone.monitoring:9090')));
    await world.startController();
    await world.clock.runUntil(async () => (await statusOf(world))?.phase === 'Initialized', 60_000);
    await world.clock.advance(5_000);
    expect(await saidOnRelease(world)).toContain(
      'Prometheus query failed: running query failed: GET to gone.monitoring:9090: no such host (ENOTFOUND); the metrics server cannot be reached: check spec.metricsServer of the Canary, or the flag -metrics-server',
    );
  });

  it('no pod of the canary is ready', async () => {
    const world = await initialized({}, { webhooks: [], metrics: [rate], canaryReadyThreshold: 0 });
    world.behave(release('6.9.1'), { health: 'neverReady' });
    expect(await saidOnRelease(world)).toContain(
      `${flaggers}no pod of podinfo.test is ready, so its Service has no endpoints`,
    );
  });
});

describe('a query of one’s own without values', () => {
  it('says which of its series nobody exposes', async () => {
    const metrics = [
      { name: 'queue', query: 'sum(rate(queue_length{app="x"}[1m]))', thresholdRange: { max: 1 } },
    ];
    expect(await diagnosisOf({}, { metrics })).toBe(
      'Halt advancement no values found for metric: queue; the metrics server has no series queue_length: nothing exposes it, or nothing scrapes what does',
    );
  });
});

function withMetricsServer(object: KubeObject, metricsServer: string): KubeObject {
  if (object.kind !== 'Canary') return object;
  const { spec } = object as KubeObject & { spec: object };
  return { ...object, spec: { ...spec, metricsServer } } as KubeObject;
}
