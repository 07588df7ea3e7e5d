import type { Ending } from '../command.ts';
import type { Ground, Steps } from '../ground.ts';
import { expectEqual, until } from '../wait.ts';
import { namespaces, place } from './place.ts';
import type { Pulumi } from './tools.ts';

interface CanaryObject {
  status?: { phase?: string; canaryWeight?: number };
}

const canaryPath = `/apis/flagger.app/v1beta1/namespaces/${place.app}/canaries/podinfo`;

/** `pulumi up` and its like, as a user has them, one after the other. */
export function updateSteps(ground: Ground, pulumi: Pulumi): Steps {
  const { kubectl } = ground;
  const status = async () => (await kubectl.get<CanaryObject>(canaryPath)).status ?? {};
  const version = async () => {
    const answer = await kubectl.service(place.app, 'podinfo-primary', '/version');
    return (JSON.parse(answer) as { version: string }).version;
  };
  const output = async (name: string) => (await done(pulumi('stack', 'output', name))).stdout.trim();
  const unchanged = () => done(pulumi('preview', '--expect-no-changes'));
  return {
    'pulumi up is over when the canary is initialised': async () => {
      await configure(ground, pulumi);
      await done(pulumi('up', '--yes', '--skip-preview'));
      expectEqual('the phase', await output('phase'), 'Initialized');
      expectEqual('the URL', await output('url'), 'http://pulumi.example.com');
      expectEqual('the version that users have', await version(), '6.9.0');
    },
    'then pulumi preview and pulumi refresh find nothing to do': async () => {
      await unchanged();
      await done(pulumi('refresh', '--yes', '--expect-no-changes'));
      await unchanged();
    },
    'a new image is released step by step, and nothing of it is a change for Pulumi': async () => {
      await done(pulumi('config', 'set', 'tag', '6.9.1'));
      const update = pulumi('up', '--yes', '--skip-preview');
      await until('traffic on the canary', 120_000, async () => ((await status()).canaryWeight ?? 0) > 0);
      await unchanged();
      expectEqual('the phase', (await status()).phase, 'Progressing');
      await done(update);
      expectEqual('the phase', await output('phase'), 'Succeeded');
      expectEqual('the version that users have', await version(), '6.9.1');
      await unchanged();
      await done(pulumi('refresh', '--yes', '--expect-no-changes'));
    },
    'a faulty image fails the update with metric, value and bound': async () => {
      await done(pulumi('config', 'set', 'tag', '6.9.2'));
      await done(pulumi('config', 'set', 'faulty', 'true'));
      const { status: code, stdout, stderr } = await pulumi('up', '--yes', '--skip-preview');
      const said = `${stdout}\n${stderr}`;
      const reason = /release of pulumi-app\/podinfo: [\s\S]*rolled back: .*success rate [\d.]+% < 99%/;
      if (code === 0 || !reason.test(said)) throw new Error(`ended with ${code} and said\n${said}`);
      expectEqual('the version that users have', await version(), '6.9.1');
    },
    'the program before it is at peace with the cluster again': async () => {
      await done(pulumi('config', 'set', 'tag', '6.9.1'));
      await done(pulumi('config', 'rm', 'faulty'));
      await done(pulumi('up', '--yes', '--skip-preview'));
      expectEqual('the version that users have', await version(), '6.9.1');
      await unchanged();
    },
    'pulumi destroy takes the canary first, while its controller runs, and leaves nothing': async () => {
      const gone = watchDeletions(ground);
      await done(pulumi('destroy', '--yes', '--skip-preview'));
      const order = gone();
      const canary = order.indexOf('Canary podinfo');
      const after = ['Deployment podinfo', 'Deployment perch-controller'].map((name) => order.indexOf(name));
      if (canary < 0 || after.some((place) => place < canary)) throw new Error(`went: ${order.join(', ')}`);
      const left = await kubectl(['get', 'namespace', ...namespaces, '--ignore-not-found', '-o', 'name']);
      expectEqual('namespaces that are left', left, '');
      const roles = await kubectl(['get', 'clusterrole,clusterrolebinding,ingressclass', '-o', 'name']);
      const ours = roles.split('\n').filter((name) => /\/pulumi/.test(name));
      expectEqual('what is left cluster-wide', ours, []);
    },
  };
}

async function configure({ cluster, image }: Ground, pulumi: Pulumi): Promise<void> {
  await done(pulumi('stack', 'init', 'e2e'));
  const { INGRESS_NGINX_IMAGE: routerImage, PROMETHEUS_IMAGE: prometheusImage } = {
    ...process.env,
    ...cluster.images,
  };
  const settings = { perchImage: image, routerImage, prometheusImage };
  for (const [name, value] of Object.entries(settings))
    if (value) await done(pulumi('config', 'set', name, value));
}

/** Throws, with what it said, unless it ended well. */
async function done(ending: Promise<Ending>): Promise<Ending> {
  const { status, stdout, stderr } = await ending;
  if (status === 0) return { status, stdout, stderr };
  throw new Error(`pulumi ended with status ${status}:\n${stdout}\n${stderr}`);
}

/** Names of what goes, in order; call what it returns for those so far. */
function watchDeletions({ kubectl }: Ground): () => readonly string[] {
  const order: string[] = [];
  const watch = (kind: string, path: string) =>
    kubectl.watch<{ metadata: { name: string } }>(`${path}?watch=true`, ({ type, object }) => {
      if (type === 'DELETED') order.push(`${kind} ${object.metadata.name}`);
    });
  const ends = [
    watch('Canary', `/apis/flagger.app/v1beta1/namespaces/${place.app}/canaries`),
    watch('Deployment', `/apis/apps/v1/namespaces/${place.app}/deployments`),
    watch('Deployment', `/apis/apps/v1/namespaces/${place.system}/deployments`),
  ];
  return () => {
    for (const end of ends) end();
    return order;
  };
}
