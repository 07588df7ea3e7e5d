import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
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
  /**
   * Builds this checkout's images where the cluster finds them; resolves with the controller's name, of which the load
   * tester's follows as the constructs have it.
   */
  buildImage(root: string): Promise<string>;
  /** Ends a container's processes without a word to them, where the node can be reached; by its ID in a pod's status. */
  readonly kill?: (containerId: string) => Promise<void>;
}

const REPOSITORY = 'perch.local/perch';
const IMAGES = ['controller', 'loadtester'].map((target) => `${REPOSITORY}-${target}:e2e`);

/** `npm run image`, by the builder that there is. */
async function buildImages(root: string, builder: string, ...flags: readonly string[]): Promise<void> {
  const script = join(root, 'scripts/image/build.mjs');
  const env = { PERCH_BUILDER: builder };
  await runProgram(process.execPath, [script, '--repository', REPOSITORY, '--tag', 'e2e', ...flags], { env });
}

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
      // twice, and refused unless both builds are the same to the digest: Docker's engine keeps the time of its own
      await buildImages(root, 'buildah --storage-driver vfs', '--check');
      await runProgram(join(kit, 'image-load'), ['--buildah', ...IMAGES]);
      return IMAGES[0]!;
    },
    kill: killContainer,
  };
}

/** The kit's node is this machine: a container's processes are those of its cgroup. */
async function killContainer(containerId: string): Promise<void> {
  const id = containerId.replace(/^.*:\/\//, '');
  if (!/^[0-9a-f]{64}$/.test(id)) throw new Error(`not the ID of a container: ${containerId}`);
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // one that has ended meanwhile is in no cgroup
    const cgroup = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
    if (cgroup.includes(id)) process.kill(Number(pid), 'SIGKILL');
  }
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
          `an image cannot be loaded into the context ${context}, only into kind's and k3d's: push both that npm run image builds from this checkout and set PERCH_E2E_IMAGE to the controller's name`,
        );
      }
      await buildImages(root, 'docker');
      if (kind === 'kind') await runProgram('kind', ['load', 'docker-image', ...IMAGES, '--name', name]);
      else await runProgram('k3d', ['image', 'import', ...IMAGES, '--cluster', name]);
      return IMAGES[0]!;
    },
  };
}
