import { Canaries, type Canary } from '../../lib/api/canary.js';
import { Deployments } from '../../lib/api/workloads.js';
import { routingGroups, withRoutingElsewhere } from '../../lib/kube/routingCluster.js';
import { VirtualServices } from '../../lib/routers/istio/kinds.js';
import { routers } from '../../lib/routers/registry.js';
import { VirtualClock } from '../../lib/sim/clock.js';
import { controllerIn } from '../../lib/sim/controller.js';
import { createWorld } from '../../lib/sim/world.js';
import { namespace, podinfo, release } from '../sim/podinfo.js';

/* -kubeconfig-service-mesh: the mesh's objects are in another cluster than the application. */

const key = { namespace, name: 'podinfo' };

async function twoClusters() {
  const home = createWorld();
  const mesh = createWorld();
  mesh.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  const stack = structuredClone(podinfo('6.9.0', { webhooks: [], metrics: [], stepWeight: 25 }));
  const canary = stack.at(-1) as Canary;
  Object.assign(canary.spec, { provider: 'istio', revertOnDeletion: true });
  home.apply(stack);
  const cluster = withRoutingElsewhere(home.cluster, mesh.cluster);
  const { clock, http, random, log } = home;
  const controller = controllerIn({ cluster, clock, http, random, log }, { meshProvider: 'istio' });
  await controller.start();
  const until = (condition: () => boolean | undefined) =>
    home.clock.runUntil(async () => {
      await mesh.clock.advance(1);
      return condition() === true;
    }, 600_000);
  const status = () => home.read(Canaries, key)?.status;
  expect(await until(() => status()?.phase === 'Initialized')).toBe(true);
  return { home, mesh, until, status };
}

const weights = (service: unknown) =>
  (service as { spec: { http: { route: { weight: number }[] }[] } }).spec.http[0]!.route.map(
    ({ weight }) => weight,
  );

it('routes in the other cluster, and has everything else at home', async () => {
  const { home, mesh, until, status } = await twoClusters();
  home.setImage(namespace, 'podinfo', release('6.9.1'));
  expect(await until(() => status()?.canaryWeight === 25)).toBe(true);
  await until(() => weights(mesh.read(VirtualServices, key))[1] === 25);
  expect(weights(mesh.read(VirtualServices, key))).toEqual([75, 25]);
  expect(home.read(VirtualServices, key)).toBeUndefined();
  expect(mesh.read(Deployments, { namespace, name: 'podinfo-primary' })).toBeUndefined();
  expect(await until(() => status()?.phase === 'Succeeded')).toBe(true);
  expect(weights(mesh.read(VirtualServices, key))).toEqual([100, 0]);
});

it('leaves no owner there that Kubernetes would look for in vain, and takes back what it made', async () => {
  const { home, mesh, until } = await twoClusters();
  const made = mesh.read(VirtualServices, key);
  expect(made?.metadata.ownerReferences).toBeUndefined();
  expect(made?.metadata.annotations).toMatchObject({ 'flagger.app/canary': `${namespace}/podinfo` });
  await home.cluster.delete(Canaries, key);
  expect(await until(() => home.read(Canaries, key) === undefined)).toBe(true);
  expect(mesh.read(VirtualServices, key)).toBeUndefined();
});

it.each(Object.entries(routers))('knows where the objects of %s belong', async (provider, factory) => {
  const { home } = await twoClusters();
  const canary = home.read(Canaries, key)!;
  const unused = { read: () => undefined } as never;
  const strings = { provider, ingressAnnotationsPrefix: '', ingressClass: '' };
  const router = factory({ objects: unused, clock: new VirtualClock(0), ...strings });
  const atHome = ['', 'networking.k8s.io', 'serving.knative.dev'];
  for (const { group } of router.watches(canary)) expect([...atHome, ...routingGroups]).toContain(group);
});
