import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runProgram } from './command.ts';

/** Where the stack goes, and how an image gets there. */
export interface ClusterUnderTest {
  readonly name: string;
  /** Environment of kubectl. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of the cluster kit, when it is the kit's cluster: its data planes and tools can be had there. */
  readonly kit?: string;
  /** True when nothing else can be in it, so that leftovers of another run may be removed. */
  readonly disposable: boolean;
  /** Images that this cluster has instead of the stack's defaults, as podinfo.ts reads them. */
  readonly images: Readonly<Record<string, string>>;
  /** Builds this checkout's image where the cluster finds it; resolves with its name. */
  buildImage(root: string): Promise<string>;
}

const IMAGE = 'perch.local/perch:e2e';

/** KUBECONFIG's cluster, or else the cluster kit beside the checkout. */
export async function findCluster(root: string): Promise<ClusterUnderTest> {
  const kit = resolve(root, '../shared/cluster');
  const home = process.env.PERCH_CLUSTER_HOME ?? join(homedir(), '.cache/perch-cluster');
  const asked = process.env.KUBECONFIG;
  if (existsSync(kit) && (!asked || resolve(asked) === join(home, 'kubeconfig'))) return startKit(kit);
  if (!asked) throw new Error('no cluster: set KUBECONFIG to the kubeconfig of one that may be written to');
  return useCluster(asked);
}

async function startKit(kit: string): Promise<ClusterUnderTest> {
  await runProgram(join(kit, 'bootstrap'), []);
  const kubeconfig = (await runProgram(join(kit, 'up'), [])).trim().split('\n').at(-1)!;
  const home = dirname(kubeconfig);
  await runProgram(join(kit, 'planes/ingress-nginx/build'), []);
  await runProgram(join(kit, 'image-load'), [join(home, 'planes/images/ingress-nginx.tar')]);
  return {
    name: 'the cluster kit beside the checkout',
    kit,
    env: { KUBECONFIG: kubeconfig, PATH: `${join(home, 'bin')}:${process.env.PATH}` },
    disposable: true,
    images: {
      INGRESS_NGINX_IMAGE: 'registry.k8s.io/ingress-nginx/controller:v1.11.0',
      PROMETHEUS_IMAGE: 'quay.io/prometheus/prometheus:v3.15.0',
    },
    async buildImage(root) {
      const how = ['--storage-driver', 'vfs', 'bud', '--network', 'host', '--isolation', 'chroot'];
      await runProgram('buildah', [...how, '-t', IMAGE, root]);
      await runProgram(join(kit, 'image-load'), ['--buildah', IMAGE]);
      return IMAGE;
    },
  };
}

async function useCluster(kubeconfig: string): Promise<ClusterUnderTest> {
  const env = { KUBECONFIG: kubeconfig };
  const context = (await runProgram('kubectl', ['config', 'current-context'], { env })).trim();
  return {
    name: `the context ${context} of KUBECONFIG`,
    env,
    disposable: false,
    images: {},
    async buildImage(root) {
      if (process.env.PERCH_E2E_IMAGE) return process.env.PERCH_E2E_IMAGE;
      const [, kind, name] = /^(kind|k3d)-(.+)$/.exec(context) ?? [];
      if (!kind || !name) {
        throw new Error(
          `an image cannot be loaded into the context ${context}, only into kind's and k3d's: push one built from this checkout and set PERCH_E2E_IMAGE to its name`,
        );
      }
      await runProgram('docker', ['build', '-t', IMAGE, root]);
      if (kind === 'kind') await runProgram('kind', ['load', 'docker-image', IMAGE, '--name', name]);
      else await runProgram('k3d', ['image', 'import', IMAGE, '--cluster', name]);
      return IMAGE;
    },
  };
}
