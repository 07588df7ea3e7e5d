import { join } from 'node:path';
import { runProgram } from '../command.ts';
import type { Ground } from '../ground.ts';

const PREFIX = 'customresourcedefinition.apiextensions.k8s.io';
/** Published with their Go modules, which the cluster kit fetches; with a kind of each. */
const published = {
  'gateway-api': 'httproutes.gateway.networking.k8s.io',
  contour: 'httpproxies.projectcontour.io',
  istio: 'virtualservices.networking.istio.io',
  traefik: 'traefikservices.traefik.io',
  smi: 'trafficsplits.split.smi-spec.io',
  knative: 'services.serving.knative.dev',
};

/**
 * Runs the body while the API server has the routing kinds of every provider: the real definitions, and small ones of
 * our own (test/conformance/crds) where none can be had. Without the kit, what the cluster has of the real ones.
 */
export async function withDefinitions(
  { root, cluster, kubectl }: Ground,
  body: () => Promise<void>,
): Promise<void> {
  const list = async () => (await kubectl(['get', 'crd', '-o', 'name'])).split('\n').filter(Boolean);
  const before = await list();
  try {
    const absent = Object.entries(published).filter(([, kind]) => !before.includes(`${PREFIX}/${kind}`));
    if (cluster.kit && absent.length > 0) {
      const names = absent.map(([name]) => name);
      await runProgram(join(cluster.kit, 'planes/crds'), ['apply', ...names], { env: cluster.env });
    }
    const small = ['-f', join(root, 'test/conformance/crds')];
    await kubectl(['apply', '--server-side', ...small]);
    await kubectl(['wait', '--for=condition=Established', '--timeout=30s', ...small]);
    await body();
  } finally {
    const added = (await list()).filter((name) => !before.includes(name));
    if (added.length > 0) await kubectl(['delete', ...added, '--wait=false']);
  }
}
