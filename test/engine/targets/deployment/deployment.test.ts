import type { CanarySpec } from '../../../../lib/api/canary.js';
import {
  type Deployment,
  Deployments,
  HorizontalPodAutoscalers,
  Services,
} from '../../../../lib/api/workloads.js';
import { createCaches } from '../../../../lib/engine/cache/caches.js';
import { createObjects } from '../../../../lib/engine/cache/objects.js';
import { createConfigTracker } from '../../../../lib/engine/targets/configs/tracker.js';
import { deploymentTarget } from '../../../../lib/engine/targets/deployment/deployment.js';
import { revisionOf } from '../../../../lib/engine/targets/revision.js';
import { MemoryCluster } from '../../memoryCluster.js';
import { settle, VirtualClock } from '../../virtualClock.js';
import { NAMESPACE, podinfo, podinfoCanary } from '../../world.js';

async function target(
  deployment: Deployment | undefined,
  spec: Partial<CanarySpec> = {},
  prefixes: string[] = [],
) {
  const cluster = new MemoryCluster();
  if (deployment) cluster.seed(Deployments, deployment);
  const ports = {
    cluster,
    clock: new VirtualClock(),
    random: { next: () => 0.5, uuid: () => '' },
    log: { log: () => undefined },
  };
  const caches = createCaches(ports, '', () => undefined);
  let ids = 0;
  const objects = createObjects(cluster, caches);
  const made = deploymentTarget({
    objects,
    configs: createConfigTracker({
      enabled: true,
      objects,
      ensure: caches.ensure,
      refer: () => undefined,
      includeLabelPrefixes: prefixes,
    }),
    selectorLabels: ['app', 'name', 'app.kubernetes.io/name'],
    includeLabelPrefixes: prefixes,
    uuid: () => `id-${++ids}`,
  });
  const canary = podinfoCanary({}, spec);
  await Promise.all(made.watches(canary).map((kind) => caches.ensure(kind)));
  canary.metadata.uid = 'uid-1';
  const find = <T extends Parameters<MemoryCluster['find']>[0]>(kind: T, name: string) =>
    cluster.find(kind, { namespace: NAMESPACE, name });
  return {
    cluster,
    target: made,
    canary,
    find,
    primary: () => find(Deployments, 'podinfo-primary') as Deployment,
  };
}

function autoscaler(minReplicas = 2) {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {
      name: 'podinfo',
      namespace: NAMESPACE,
      labels: { app: 'podinfo', 'kustomize.toolkit.fluxcd.io/name': 'apps' },
    },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo' },
      minReplicas,
      maxReplicas: 4,
      metrics: [{ type: 'Resource', resource: { name: 'cpu' } }],
    },
  };
}
const autoscalerRef = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  name: 'podinfo',
} as const;
const owner = {
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  name: 'podinfo',
  uid: 'uid-1',
  controller: true,
  blockOwnerDeletion: true,
};

describe('the primary of a Deployment', () => {
  const rich = (): Deployment => {
    const deployment = podinfo();
    deployment.metadata.labels = { app: 'podinfo', team: 'a', 'kustomize.toolkit.fluxcd.io/name': 'apps' };
    deployment.metadata.annotations = { note: 'x', 'kustomize.toolkit.fluxcd.io/checksum': '1' };
    deployment.spec.replicas = 3;
    deployment.spec.minReadySeconds = 5;
    deployment.spec.selector.matchLabels = { tier: 'web', app: 'info' };
    deployment.spec.template.metadata = {
      labels: { app: 'info', tier: 'web' },
      annotations: {
        'prometheus.io/scrape': 'true',
        'flagger-id': 'stale',
        'fluxcd.toolkit.fluxcd.io/x': 'y',
      },
    };
    return deployment;
  };

  it('is made of the target, with one selector label, an owner and its revision', async () => {
    const { target: t, canary, primary } = await target(rich(), {}, ['team']);
    expect(await t.ensurePrimary(canary)).toBe(true);
    expect(primary().metadata).toMatchObject({
      labels: { team: 'a', app: 'info-primary' },
      annotations: { note: 'x', 'flagger.app/perch-revision': revisionOf(rich().spec.template) },
      ownerReferences: [owner],
    });
    expect(primary().metadata.annotations).not.toHaveProperty('kustomize.toolkit.fluxcd.io/checksum');
    expect(primary().spec).toMatchObject({
      replicas: 3,
      minReadySeconds: 5,
      selector: { matchLabels: { app: 'info-primary' } },
    });
    expect(primary().spec.template.metadata).toEqual({
      labels: { app: 'info-primary', tier: 'web' },
      annotations: { 'prometheus.io/scrape': 'true', 'flagger-id': 'id-1' },
    });
  });

  it('is made with one pod when the target has none, and then left alone', async () => {
    const idle = podinfo();
    idle.spec.replicas = 0;
    const { target: t, canary, cluster, primary } = await target(idle);
    await t.ensurePrimary(canary);
    expect(primary().spec.replicas).toBe(1);
    cluster.takeRequests();
    expect(await t.ensurePrimary(canary)).toBe(false);
    expect(cluster.takeRequests()).toEqual([]);
  });

  it('that appears while it is being made is taken as it is', async () => {
    const { target: t, canary, cluster, primary } = await target(podinfo());
    cluster.disturb = () => undefined;
    const made = podinfo();
    cluster.seed(Deployments, { ...made, metadata: { ...made.metadata, name: 'podinfo-primary' } });
    expect(await t.ensurePrimary(canary)).toBe(true);
    expect(primary().spec).toEqual(made.spec);
  });

  it('takes over template, settings and replicas when the target is promoted', async () => {
    const { target: t, canary, cluster, primary } = await target(podinfo());
    await t.ensurePrimary(canary);
    const next = cluster.edit(Deployments, NAMESPACE, 'podinfo', (deployment) => {
      deployment.spec.template.spec.containers[0]!.image = 'podinfo:2';
      deployment.spec.replicas = 5;
      deployment.spec.minReadySeconds = 9;
    });
    await settle();
    expect(await t.promote(canary, revisionOf(next.spec.template))).toBe(true);
    expect(primary().spec).toMatchObject({ replicas: 5, minReadySeconds: 9 });
    expect(primary().spec.template.spec.containers[0]?.image).toBe('podinfo:2');
    expect(primary().spec.template.metadata?.annotations).toEqual({ 'flagger-id': 'id-2' });
    expect(primary().metadata.annotations).toEqual({
      'flagger.app/perch-configs': '',
      'flagger.app/perch-revision': revisionOf(next.spec.template),
    });
    cluster.takeRequests();
    expect(await t.promote(canary, revisionOf(next.spec.template))).toBe(false);
    expect(cluster.takeRequests()).toEqual([]);
  });

  it('keeps its pods when the target was put to sleep before it is promoted', async () => {
    const { target: t, canary, cluster, primary } = await target(podinfo());
    await t.ensurePrimary(canary);
    const before = primary().spec.replicas;
    const next = cluster.edit(Deployments, NAMESPACE, 'podinfo', (deployment) => {
      deployment.spec.template.spec.containers[0]!.image = 'podinfo:2';
      deployment.spec.replicas = 0;
    });
    await settle();
    expect(await t.promote(canary, revisionOf(next.spec.template))).toBe(true);
    expect(before).toBeGreaterThan(0);
    expect(primary().spec.replicas).toBe(before);
  });

  it('is not touched when the target moved on from the revision to promote', async () => {
    const { target: t, canary, cluster } = await target(podinfo());
    await t.ensurePrimary(canary);
    cluster.takeRequests();
    expect(await t.promote(canary, 'p1:0000000000000000')).toBe('moved');
    expect(cluster.takeRequests()).toEqual([]);
  });

  it('is promoted although somebody else wrote it a moment before', async () => {
    const { target: t, canary, cluster, primary } = await target(podinfo());
    await t.ensurePrimary(canary);
    const next = cluster.edit(Deployments, NAMESPACE, 'podinfo', (deployment) => {
      deployment.spec.template.spec.containers[0]!.image = 'podinfo:2';
    });
    await settle();
    cluster.disturb = () => undefined;
    cluster.edit(Deployments, NAMESPACE, 'podinfo-primary', (deployment) => {
      deployment.spec.paused = true;
    });
    expect(await t.promote(canary, revisionOf(next.spec.template))).toBe(true);
    expect(primary().spec).toMatchObject({ paused: true });
    expect(primary().spec.template.spec.containers[0]?.image).toBe('podinfo:2');
  });

  it("keeps the Deployment controller's own annotation at promotion", async () => {
    const { target: t, canary, cluster, primary } = await target(podinfo(), {}, ['*']);
    await t.ensurePrimary(canary);
    cluster.edit(Deployments, NAMESPACE, 'podinfo-primary', ({ metadata }) => {
      metadata.annotations!['deployment.kubernetes.io/revision'] = '7';
    });
    const next = cluster.edit(Deployments, NAMESPACE, 'podinfo', ({ metadata, spec }) => {
      metadata.annotations = { 'deployment.kubernetes.io/revision': '2', note: 'y' };
      spec.template.spec.containers[0]!.image = 'podinfo:2';
    });
    await settle();
    await t.promote(canary, revisionOf(next.spec.template));
    expect(primary().metadata.annotations).toMatchObject({
      'deployment.kubernetes.io/revision': '7',
      note: 'y',
    });
  });
});

describe('the scaler of a primary', () => {
  it('is a copy of the target’s, with its own bounds where the canary names some', async () => {
    const {
      target: t,
      canary,
      cluster,
      find,
    } = await target(podinfo(), {
      autoscalerRef: { ...autoscalerRef, primaryScalerReplicas: { minReplicas: 3, maxReplicas: 9 } },
    });
    cluster.seed(HorizontalPodAutoscalers, autoscaler());
    await settle();
    await t.ensurePrimary(canary);
    expect(find(HorizontalPodAutoscalers, 'podinfo-primary')).toMatchObject({
      metadata: { labels: { app: 'podinfo' }, ownerReferences: [owner] },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'podinfo-primary' },
        minReplicas: 3,
        maxReplicas: 9,
        metrics: autoscaler().spec.metrics,
      },
    });
  });

  it('follows the target’s at promotion, and then the replicas of the primary are its own', async () => {
    const { target: t, canary, cluster, find, primary } = await target(podinfo(), { autoscalerRef });
    cluster.seed(HorizontalPodAutoscalers, autoscaler());
    await settle();
    await t.ensurePrimary(canary);
    cluster.seed(HorizontalPodAutoscalers, autoscaler(3));
    const next = cluster.edit(Deployments, NAMESPACE, 'podinfo', (deployment) => {
      deployment.spec.replicas = 7;
    });
    await settle();
    await t.promote(canary, revisionOf(next.spec.template));
    expect(find(HorizontalPodAutoscalers, 'podinfo-primary')).toMatchObject({ spec: { minReplicas: 3 } });
    expect(primary().spec.replicas).toBe(1);
  });
});

describe('scaling a target', () => {
  it.each([
    ['keeps the pods it has', 3, undefined, 3],
    ['brings back as many pods as the primary has', 0, undefined, 4],
    ['brings back as many pods as the scaler’s minimum', 0, 2, 2],
  ])('up %s', async (_, replicas, minReplicas, expected) => {
    const deployment = podinfo();
    deployment.spec.replicas = 4;
    const {
      target: t,
      canary,
      cluster,
      find,
    } = await target(deployment, minReplicas ? { autoscalerRef } : {});
    if (minReplicas) cluster.seed(HorizontalPodAutoscalers, autoscaler(minReplicas));
    await settle();
    await t.ensurePrimary(canary);
    cluster.edit(Deployments, NAMESPACE, 'podinfo', ({ spec }) => {
      spec.replicas = replicas;
    });
    await settle();
    await t.scale(canary, 'up');
    expect((find(Deployments, 'podinfo') as Deployment).spec.replicas).toBe(expected);
  });

  it('to zero writes once', async () => {
    const { target: t, canary, cluster } = await target(podinfo());
    expect(await t.scale(canary, 'zero')).toBe(true);
    expect(await t.scale(canary, 'zero')).toBe(false);
    expect(cluster.takeRequests()).toEqual([{ verb: 'patch', kind: 'Deployment', name: 'podinfo' }]);
  });
});

describe('the Services of a canary', () => {
  it('select canary and primary by the one label, and carry what the spec says', async () => {
    const {
      target: t,
      canary,
      find,
    } = await target(podinfo(), {
      service: { port: 80, targetPort: 9898, primary: { labels: { x: 'y' }, annotations: { a: 'b' } } },
    });
    await t.ensurePrimary(canary);
    await t.ensureApex(canary);
    expect(find(Services, 'podinfo-canary')).toMatchObject({ spec: { selector: { app: 'podinfo' } } });
    expect(find(Services, 'podinfo')).toMatchObject({ spec: { selector: { app: 'podinfo-primary' } } });
    expect(find(Services, 'podinfo-primary')).toMatchObject({
      metadata: {
        labels: { x: 'y', app: 'podinfo-primary' },
        annotations: {
          a: 'b',
          'kustomize.toolkit.fluxcd.io/reconcile': 'disabled',
          'helm.toolkit.fluxcd.io/driftDetection': 'disabled',
        },
        ownerReferences: [owner],
      },
      spec: {
        type: 'ClusterIP',
        selector: { app: 'podinfo-primary' },
        ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 9898 }],
      },
    });
  });

  it('take ports and selector of an apex Service over that was there before, and nothing else', async () => {
    const { target: t, canary, cluster, find } = await target(podinfo());
    cluster.seed(Services, {
      metadata: {
        name: 'podinfo',
        namespace: NAMESPACE,
        labels: { mine: 'yes' },
        annotations: { mine: 'too' },
      },
      spec: {
        type: 'NodePort',
        selector: { app: 'podinfo' },
        ports: [{ port: 80, nodePort: 31000, targetPort: 1 }],
      },
    });
    await settle();
    await t.ensureApex(canary);
    const apex = find(Services, 'podinfo');
    expect(apex).toMatchObject({
      metadata: {
        labels: { mine: 'yes' },
        annotations: { mine: 'too', 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' },
      },
      spec: {
        type: 'NodePort',
        selector: { app: 'podinfo-primary' },
        ports: [{ name: 'http', port: 80, targetPort: 9898, nodePort: 31000 }],
      },
    });
    expect(apex?.metadata.ownerReferences).toBeUndefined();
  });

  it('are put right when somebody edits them, but for metadata that the spec leaves to others', async () => {
    const {
      target: t,
      canary,
      cluster,
      find,
    } = await target(podinfo(), {
      service: { port: 80, unmanagedMetadata: { labels: ['theirs'] } },
    });
    await t.ensurePrimary(canary);
    cluster.edit(Services, NAMESPACE, 'podinfo-primary', ({ metadata, spec }) => {
      metadata.labels = { theirs: '1', other: '2' };
      spec.selector = { app: 'elsewhere' };
    });
    await settle();
    expect(await t.ensurePrimary(canary)).toBe(true);
    expect(find(Services, 'podinfo-primary')?.metadata.labels).toEqual({
      theirs: '1',
      app: 'podinfo-primary',
    });
    expect(find(Services, 'podinfo-primary')).toMatchObject({
      spec: { selector: { app: 'podinfo-primary' } },
    });
    expect(await t.ensurePrimary(canary)).toBe(false);
  });

  it('turns an apex Service to the primary that somebody made a moment ago, of which no watch has told yet', async () => {
    const { target: t, canary, cluster, find } = await target(podinfo('6.9.0'));
    await t.ensurePrimary(canary);
    cluster.disturb = () => undefined;
    const metadata = { name: 'podinfo', namespace: NAMESPACE };
    cluster.seed(Services, { metadata, spec: { ports: [], selector: { app: 'podinfo' } } });
    await t.ensureApex(canary);
    expect(find(Services, 'podinfo')).toMatchObject({ spec: { selector: { app: 'podinfo-primary' } } });
  });

  it('have no address where they are to be headless, and are made for the distribution of traffic that is asked for', async () => {
    const service = { port: 80, headless: true, trafficDistribution: 'PreferSameZone' as const };
    const { target: t, canary, find } = await target(podinfo(), { service });
    await t.ensurePrimary(canary);
    await t.ensureApex(canary);
    for (const name of ['podinfo', 'podinfo-canary', 'podinfo-primary']) {
      expect(find(Services, name)).toMatchObject({
        spec: { type: 'ClusterIP', clusterIP: 'None', trafficDistribution: 'PreferSameZone' },
      });
    }
    canary.spec.service = { port: 80 };
    expect([await t.ensurePrimary(canary), await t.ensureApex(canary)]).toEqual([false, false]);
    expect(find(Services, 'podinfo')).toMatchObject({ spec: { trafficDistribution: 'PreferSameZone' } });
  });

  it('carry the ports of all containers but sidecars when they are to be discovered', async () => {
    const deployment = podinfo();
    deployment.spec.template.spec.containers = [
      {
        name: 'app',
        ports: [
          { name: 'http', containerPort: 9898 },
          { containerPort: 9999 },
          { name: 'grpc', containerPort: 9000 },
        ],
      },
      { name: 'envoy', ports: [{ name: 'admin', containerPort: 15000 }] },
    ];
    const {
      target: t,
      canary,
      find,
    } = await target(deployment, {
      service: { port: 80, targetPort: 'http', portDiscovery: true },
    });
    await t.ensurePrimary(canary);
    expect(find(Services, 'podinfo-canary')).toMatchObject({
      spec: {
        ports: [
          { name: 'http', port: 80, targetPort: 'http' },
          { name: 'tcp-app-1', port: 9999, targetPort: 9999 },
          { name: 'grpc', port: 9000, targetPort: 9000 },
        ],
      },
    });
  });
});

describe('observing a Deployment', () => {
  const elsewhere = podinfo();
  elsewhere.spec.selector.matchLabels = { tier: 'web' };

  it.each([
    [
      'is not there',
      undefined,
      {},
      'deployment podinfo.test get query error: deployments.apps "podinfo" not found',
    ],
    [
      'selects by no known label',
      elsewhere,
      {},
      'deployment podinfo.test spec.selector.matchLabels must contain one of [app name app.kubernetes.io/name]',
    ],
    [
      'has a scaler that is not there',
      podinfo(),
      { autoscalerRef },
      'HorizontalPodAutoscaler podinfo.test get query error: horizontalpodautoscalers.autoscaling "podinfo" not found',
    ],
    [
      'has no port to be reached by',
      podinfo(),
      { service: undefined },
      'expected spec.service with a port, as the target is a Deployment, got none',
    ],
  ])('that %s says so', async (_, deployment, spec, message) => {
    const { target: t, canary } = await target(deployment, spec);
    expect(await t.observe(canary, 0)).toMatchObject({ targetError: expect.stringContaining(message) });
  });

  it('tells revisions, images and who has pods', async () => {
    const { target: t, canary } = await target(podinfo());
    await t.ensurePrimary(canary);
    await t.scale(canary, 'zero');
    const revision = revisionOf(podinfo().spec.template);
    expect(await t.observe(canary, 0)).toMatchObject({
      target: { revision, image: 'podinfo:1.0.0', scaledToZero: true },
      primary: { revision, image: 'podinfo:1.0.0', readiness: { ready: false } },
    });
  });
});
