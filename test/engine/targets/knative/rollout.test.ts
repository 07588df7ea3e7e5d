import {
  type KnativeRevision,
  KnativeRevisions,
  type KnativeService,
  KnativeServices,
} from '../../../../lib/api/knative.js';
import type { MemoryCluster } from '../../memoryCluster.js';
import type { VirtualClock } from '../../virtualClock.js';
import { initialized, NAMESPACE, podinfoCanary, type World } from '../../world.js';

const targetRef = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', name: 'podinfo' } as const;
const key = { namespace: NAMESPACE, name: 'podinfo' };

const service = (world: World): KnativeService => world.cluster.find(KnativeServices, key)!;
const primaryOf = (world: World) => service(world).metadata.annotations?.['flagger.app/primary-revision'];
const imageOf = ({ spec }: KnativeService) => spec?.template?.spec?.containers?.[0]?.image ?? '';
const templateOf = (image: string) => ({ spec: { containers: [{ image }] } });

interface Knative {
  /** Images whose revisions never get ready. */
  readonly broken: Set<string>;
  /** How long a new share of traffic takes. */
  delayMs: number;
}

/** As much of Knative as a release needs: a revision of each template, ready 2 s later, and traffic as the spec says. */
function runKnative(cluster: MemoryCluster, clock: VirtualClock): Knative {
  const knative: Knative = { broken: new Set(), delayMs: 100 };
  const images: string[] = [];
  const follow = () => {
    const live = cluster.find(KnativeServices, key)!;
    if (live.status?.observedGeneration === live.metadata.generation) return;
    const image = imageOf(live);
    if (images.at(-1) !== image) makeRevision(image);
    cluster.edit(KnativeServices, NAMESPACE, 'podinfo', (edited) => {
      edited.status = {
        ...edited.status,
        observedGeneration: live.metadata.generation!,
        latestCreatedRevisionName: nameOf(images.length),
        traffic: live.spec?.traffic ?? [{ latestRevision: true, percent: 100 }],
      };
    });
  };
  const makeRevision = (image: string) => {
    images.push(image);
    const name = nameOf(images.length);
    const said = (status: string): KnativeRevision['status'] => ({
      conditions: [{ type: 'Ready', status, ...(status === 'False' && { reason: 'ContainerMissing' }) }],
    });
    cluster.seed(KnativeRevisions, { metadata: { name, namespace: NAMESPACE }, status: said('Unknown') });
    clock.timer(2_000, () => {
      cluster.edit(KnativeRevisions, NAMESPACE, name, (revision) => {
        revision.status = said(knative.broken.has(image) ? 'False' : 'True');
      });
    });
  };
  const nameOf = (count: number) => `podinfo-${String(count).padStart(5, '0')}`;
  const { signal } = new AbortController();
  void cluster.watch(KnativeServices, { resourceVersion: '0', signal }, (event) => {
    if (event.type !== 'BOOKMARK') clock.timer(knative.delayMs, follow);
  });
  return knative;
}

async function running(): Promise<{ world: World; knative: Knative }> {
  const spec = { targetRef, provider: 'knative', service: undefined, ingressRef: undefined } as const;
  let knative: Knative | undefined;
  const world = await initialized(
    podinfoCanary({ stepWeight: 20, maxWeight: 40 }, spec),
    {},
    ({ cluster, clock }) => {
      knative = runKnative(cluster, clock);
      cluster.seed(KnativeServices, {
        metadata: { name: 'podinfo', namespace: NAMESPACE },
        spec: { template: templateOf('podinfo:1.0.0') },
      });
    },
  );
  return { world, knative: knative! };
}

function release(world: World, image: string): void {
  world.cluster.edit(KnativeServices, NAMESPACE, 'podinfo', (live) => {
    live.spec = { ...live.spec, template: templateOf(image) };
  });
}

describe('a Knative Service as a target', () => {
  it('is pinned to the revision that it has', async () => {
    const { world } = await running();
    expect(world.canary().status?.phase).toBe('Initialized');
    expect(primaryOf(world)).toBe('podinfo-00001');
    expect(service(world).spec?.traffic).toEqual([
      { latestRevision: true, percent: 0 },
      { revisionName: 'podinfo-00001', percent: 100 },
    ]);
    await world.controller.stop();
  });

  it('gets its new revision in steps, which is then the one that it is pinned to', async () => {
    const { world } = await running();
    const shares = new Set<number | undefined>();
    release(world, 'podinfo:1.0.1');
    for (let second = 0; second < 120; second += 1) {
      await world.clock.advance(1_000);
      shares.add(service(world).status?.traffic?.[0]?.percent);
    }
    expect(world.canary().status).toMatchObject({
      phase: 'Succeeded',
      lastPromotedSpec: 'p1:podinfo-00002',
    });
    expect([...shares]).toEqual(expect.arrayContaining([0, 20, 40]));
    expect(primaryOf(world)).toBe('podinfo-00002');
    expect(service(world).spec?.traffic).toEqual([
      { latestRevision: true, percent: 0 },
      { revisionName: 'podinfo-00002', percent: 100 },
    ]);
    await world.controller.stop();
  });

  it('goes back to the revision before when the checks fail', async () => {
    const { world } = await running();
    world.metric = () => ({ kind: 'value', value: 50 });
    release(world, 'podinfo:1.0.1');
    await world.clock.advance(180_000);
    expect(world.canary().status?.phase).toBe('Failed');
    expect(primaryOf(world)).toBe('podinfo-00001');
    expect(service(world).status?.traffic).toEqual([
      { latestRevision: true, percent: 0 },
      { revisionName: 'podinfo-00001', percent: 100 },
    ]);
    await world.controller.stop();
  });

  it('gets nobody’s requests while its revision is not ready, and is given up after the deadline', async () => {
    const { world, knative } = await running();
    knative.broken.add('podinfo:broken');
    release(world, 'podinfo:broken');
    await world.clock.advance(30_000);
    expect(world.events().join('\n')).toContain(
      'waiting for revision podinfo-00002.test to be ready: ContainerMissing',
    );
    expect(service(world).spec?.traffic?.[0]?.percent).toBe(0);
    await world.clock.advance(90_000);
    expect(world.canary().status?.phase).toBe('Failed');
    expect(primaryOf(world)).toBe('podinfo-00001');
    await world.controller.stop();
  });

  it('takes no step before Knative’s status says that the last one is in force', async () => {
    const { world, knative } = await running();
    release(world, 'podinfo:1.0.1');
    await world.clock.advance(5_000);
    knative.delayMs = 25_000;
    while (world.canary().status?.canaryWeight !== 20) await world.clock.advance(1_000);
    await world.clock.advance(20_000);
    expect(world.canary().status?.canaryWeight).toBe(20);
    expect(world.events().join('\n')).toContain(
      'Knative Service podinfo.test sends 0 % to its newest revision and 100 % to podinfo-00001, expected 20 % and 80 %',
    );
    knative.delayMs = 100;
    await world.clock.advance(120_000);
    expect(world.canary().status?.phase).toBe('Succeeded');
    await world.controller.stop();
  });

  it('is asked about by the name of its newest revision', async () => {
    const { world } = await running();
    const asked: string[] = [];
    world.metric = (query) => {
      asked.push(query);
      return { kind: 'value', value: 100 };
    };
    release(world, 'podinfo:1.0.1');
    await world.clock.advance(60_000);
    expect(asked.join('\n')).toContain('envoy_cluster_name=~"test/podinfo-00002"');
    await world.controller.stop();
  });
});
