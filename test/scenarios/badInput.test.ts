import { PerchError } from '../../lib/api/errors.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { MetricTemplates } from '../../lib/api/metricTemplate.js';
import { Secrets } from '../../lib/api/workloads.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { host, namespace, podinfo, release } from '../sim/podinfo.js';
import { messages, statusOf } from '../sim/stage.js';

type Loose = KubeObject & { spec: Record<string, unknown> };

/** podinfo as in the seeds, and beside it, in a namespace of its own, the same with something wrong in it. */
async function withNeighbour(spoil: (object: Loose) => void, analysis: object = {}): Promise<World> {
  const world = createWorld({ traffic: traffic.steady({ rps: 20, host }) });
  const healthy = podinfo('6.9.0', { webhooks: [] }).map((object) => structuredClone(object) as Loose);
  for (const object of healthy) if (object.kind === 'CustomResourceDefinition') spoil(object);
  const spoilt = podinfo('6.9.0', { webhooks: [], ...analysis })
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map((object) => structuredClone(object) as Loose);
  for (const object of spoilt) {
    object.metadata.namespace = 'other';
    if (object.kind === 'Ingress') object.spec = retarget(object.spec);
    spoil(object);
  }
  world.apply([
    ...healthy,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } } as KubeObject,
    ...spoilt,
  ]);
  await world.startController();
  await world.clock.advance(20_000);
  return world;
}

/** A definition that takes any provider. */
function withoutProviders(spec: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(spec), (key, value: unknown) => {
    if (key !== 'provider' || typeof value !== 'object' || value === null || !('enum' in value)) return value;
    return { type: 'string' };
  }) as Record<string, unknown>;
}

function retarget(spec: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(spec).replaceAll(host, 'other.example.com')) as Record<string, unknown>;
}

const saidOf = (world: World): string[] =>
  world.log.records.filter(({ fields }) => fields.canary === 'podinfo.other').map(({ message }) => message);

/** Releases both; the healthy one must come through whatever the other does. */
async function releaseBoth(world: World): Promise<string[]> {
  const before = saidOf(world).length;
  for (const where of [namespace, 'other']) world.setImage(where, 'podinfo', release('6.9.1'));
  const done = async () => (await statusOf(world))?.phase === 'Succeeded';
  expect(await world.clock.runUntil(done, 200_000)).toBe(true);
  await world.clock.advance(60_000);
  return saidOf(world).slice(before);
}

const rate = [{ name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' }];
const latency = [{ name: 'latency', templateRef: { name: 'latency' }, thresholdRange: { max: 0.5 } }];
const ofCanary = (change: (spec: Record<string, unknown>) => void) => (object: Loose) => {
  if (object.kind === 'Canary') change(object.spec);
};
const ofTemplate = (change: (spec: Record<string, unknown>) => void) => (object: Loose) => {
  if (object.kind === 'MetricTemplate') change(object.spec);
};

/** As lib/net says it. */
function noAnswer(timeoutMs: number): PerchError {
  return new PerchError({
    code: 'NET_TIMEOUT',
    message: `GET to hangs.example.com:9090: expected an answer within ${timeoutMs} ms, got none`,
    remedy: 'check that the address is reachable from here and answers in time, or allow it more time',
    path: 'hangs.example.com:9090',
  });
}

const rolledBack = 'Rolling back podinfo.other failed checks threshold reached 5';

describe('what a user gets wrong is said once, with its field, and holds up nobody else', () => {
  it('a provider that nobody knows is refused by the API server, which names those there are', async () => {
    const nonsense = ofCanary((spec) => {
      spec.provider = 'nonsense';
    });
    await expect(withNeighbour(nonsense)).rejects.toThrow(
      'spec.provider: Unsupported value: "nonsense": supported values: "apisix", "appmesh"',
    );
  });

  it('a provider that nobody knows, where the definitions of an older Flagger let it pass', async () => {
    const world = await withNeighbour((object) => {
      if (object.kind === 'Canary') object.spec.provider = 'nonsense';
      if (object.kind === 'CustomResourceDefinition') object.spec = withoutProviders(object.spec);
    });
    const said = [...saidOf(world), ...(await releaseBoth(world))];
    expect(said.filter((text) => !text.startsWith('pass failed'))).toContainEqual(
      expect.stringMatching(
        /^expected the provider to be one of .*nginx.*, got nonsense; correct spec\.provider of the Canary/,
      ),
    );
  });

  it('a provider whose kinds the cluster does not have', async () => {
    const world = await withNeighbour(
      ofCanary((spec) => {
        spec.provider = 'smi:v1alpha1';
      }),
    );
    const said = [...saidOf(world), ...(await releaseBoth(world))];
    expect(said.find((text) => !text.startsWith('pass failed'))).toMatch(
      /^the API server does not serve TrafficSplit \(split.smi-spec.io\/v1alpha1\); install the CustomResourceDefinition/,
    );
    expect(said.filter((text) => /^the API server does not serve/.test(text)).length).toBeLessThan(40);
  });

  it('a template that does not render', async () => {
    const world = await withNeighbour(
      ofTemplate((spec) => {
        spec.query = 'sum(rate(x{ns="{{ nonsense }}"}[1m]))';
      }),
      { metrics: latency },
    );
    const said = await releaseBoth(world);
    expect(said).toContainEqual(
      expect.stringMatching(/^Metric template latency\.other query render error: .*nonsense.*/),
    );
    expect(said).toContain(rolledBack);
  });

  it('a Secret without its key', async () => {
    const world = await withNeighbour(
      ofTemplate((spec) => {
        spec.provider = {
          type: 'prometheus',
          address: 'http://prometheus.monitoring:9090',
          secretRef: { name: 'credentials' },
        };
      }),
      { metrics: latency },
    );
    await world.cluster.create(Secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'credentials', namespace: 'other' },
      data: { user: Buffer.from('s3cr3t').toString('base64') },
    });
    const said = await releaseBoth(world);
    expect(said).toContainEqual(
      expect.stringMatching(
        /^Metric template latency\.other provider prometheus error: prometheus credentials does not contain a username.*Secret/,
      ),
    );
    expect(said).toContain(rolledBack);
    expect(JSON.stringify(world.log.records)).not.toContain('s3cr3t');
  });

  it('a hook whose address does not resolve', async () => {
    const webhooks = [
      { name: 'acceptance', type: 'pre-rollout', url: 'http://nowhere.other/', timeout: '5s' },
    ];
    const world = await withNeighbour(() => undefined, { webhooks });
    const said = await releaseBoth(world);
    expect(said).toContainEqual(
      'Halt podinfo.other advancement pre-rollout check acceptance failed POST http://nowhere.other/ giving up after 1 attempt(s): POST to nowhere.other: no such host (ENOTFOUND); check host and port, and that network policies and proxies let the connection through (spec.analysis.webhooks, acceptance)',
    );
    expect(said).toContain(rolledBack);
  });

  it('a metrics server that does not answer', async () => {
    const world = await withNeighbour(
      ofCanary((spec) => {
        spec.metricsServer = 'http://hangs.example.com:9090';
      }),
      { metrics: rate },
    );
    world.answer(({ url, timeoutMs }) =>
      url.startsWith('http://hangs.example.com')
        ? new Promise((_, reject) => {
            world.clock.timer(timeoutMs, () => reject(noAnswer(timeoutMs)));
          })
        : undefined,
    );
    const said = await releaseBoth(world);
    expect(said).toContainEqual(
      expect.stringMatching(
        /^Prometheus query failed: running query failed: GET to hangs\.example\.com:9090: expected an answer within 5000 ms, got none; .*spec\.metricsServer/,
      ),
    );
    expect(said).toContain(rolledBack);
  });

  it('a template that is not there', async () => {
    const world = await withNeighbour(() => undefined, { metrics: latency });
    await world.cluster.delete(MetricTemplates, { namespace: 'other', name: 'latency' });
    const said = await releaseBoth(world);
    expect(said).toContainEqual(
      expect.stringContaining(
        'Metric template latency.other error: metrictemplates.flagger.app "latency" not found',
      ),
    );
    expect(messages(world)).toContain('Promotion completed! Scaling down podinfo.test');
  });
});
