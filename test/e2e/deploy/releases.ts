import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endingOf } from '../command.ts';
import type { Ground, Steps } from '../ground.ts';
import { expectEqual } from '../wait.ts';
import { place } from './place.ts';
import { createPerch, createShop, expectEnding } from './shop.ts';

/** `perch deploy` and its like, as a user has them, one after the other. */
export function deploySteps(ground: Ground): Steps {
  const { kubectl } = ground;
  const perch = createPerch(ground);
  const shop = createShop(perch);
  const first = { tag: '6.9.0', is: ['noted'] } as const;
  const version = async () => {
    const answer = await kubectl.service(place.app, 'shop-primary', '/version');
    return (JSON.parse(answer) as { version: string }).version;
  };
  const exists = async (...what: string[]) =>
    (await kubectl(['get', ...what, '--ignore-not-found', '-o', 'name'])) !== '';
  return {
    'perch deploy --dry-run says what it would create, and creates nothing': async () => {
      expectEnding(
        await shop('deploy', first, '--dry-run'),
        0,
        '+ create  Canary deploy-app/shop  (shop/shop/',
      );
      expectEqual('its namespace', await exists('namespace', place.app), false);
      expectEnding(await shop('diff', first), 1, ' to create, 0 to change');
    },
    'perch deploy is over when the canary is initialised, and then nothing differs': async () => {
      expectEnding(await shop('deploy', first), 0, 'ready    Canary deploy-app/shop: Initialized');
      expectEqual('the version that users have', await version(), '6.9.0');
      expectEnding(await shop('diff', first), 0, '0 to create, 0 to change, 0 to delete');
    },
    'a second image is promoted, and what the program no longer names is deleted': async () => {
      const second = { tag: '6.9.1' };
      expectEnding(await shop('diff', second), 1, '6.9.0" → ', '- delete  ConfigMap deploy-app/notes');
      expectEnding(
        await shop('deploy', second),
        0,
        'deleted  ConfigMap deploy-app/notes',
        'ready    Canary deploy-app/shop: Succeeded',
      );
      expectEqual('the version that users have', await version(), '6.9.1');
      expectEqual('the notes', await exists('-n', place.app, 'configmap/notes'), false);
      await kubectl(['-n', place.app, 'wait', '--for=condition=promoted', 'canary/shop', '--timeout=10s']);
    },
    'a slow image fails the deployment with metric, value and bound': async () => {
      const slow = { tag: '6.9.2', is: ['slow'] } as const;
      const reason = /rolled back: .*duration [\d.]+\w* > 500/;
      expectEnding(await shop('deploy', slow), 1, reason, '[DEPLOY_ROLLED_BACK]');
      expectEqual('the version that users have', await version(), '6.9.1');
      const canary = 'deploy-app/shop';
      expectEnding(await perch(['wait', canary, '--for', 'failed', '--revision', '6.9.2']), 0, 'failed');
      expectEnding(await perch(['history', canary]), 0, 'Failed', 'Succeeded');
      const { stdout } = await perch(['status', canary, '--json']);
      expectEqual('the phase in JSON', (JSON.parse(stdout) as { phase: string }).phase, 'Failed');
    },
    'kubectl perch is perch': () => expectPlugin(ground),
    'all that is refused is told at once, and nothing is applied': async () => {
      const broken = await shop('deploy', { tag: '6.9.1', is: ['broken', 'noted'] });
      expectEnding(broken, 1, 'objects are refused, and nothing was applied', 'shop/door', 'shop/thing');
      expectEqual('the notes', await exists('-n', place.app, 'configmap/notes'), false);
    },
    'another program cannot deploy under the same name by mistake': async () => {
      const other = await perch(['diff', 'examples/minimal/main.ts', '--name', 'shop', '-n', place.system]);
      expectEnding(other, 1, 'e2e/deploy/main.ts', '--take-over', '[DEPLOY_APP_CLAIMED]');
    },
    'who may not create CRDs is told so, with what to do': () => expectForbidden(ground),
  };
}

async function expectPlugin({ root, cluster }: Ground): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'perch-plugin-'));
  try {
    await chmod(join(root, 'dist/perch.js'), 0o755);
    await symlink(join(root, 'dist/perch.js'), join(folder, 'kubectl-perch'));
    const env = { ...cluster.env, PATH: `${folder}:${cluster.env.PATH ?? process.env.PATH}` };
    const ending = await endingOf('kubectl', ['perch', 'status', 'shop', '-n', place.app], { env });
    expectEnding(ending, 0, `shop in ${place.app}: Failed`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** As a service account that may look at everything and change nothing cluster-wide. */
async function expectForbidden(ground: Ground): Promise<void> {
  const { kubectl } = ground;
  const account = ['-n', place.app, 'create', 'serviceaccount', 'visitor'];
  await kubectl(account);
  const binding = `--serviceaccount=${place.app}:visitor`;
  await kubectl(['create', 'rolebinding', 'visitor', '-n', place.app, '--clusterrole=edit', binding]);
  const token = (await kubectl(['-n', place.app, 'create', 'token', 'visitor'])).trim();
  const config = JSON.parse(
    await kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']),
  ) as { users: { name: string; user: object }[] };
  const visitor = { ...config, users: config.users.map(({ name }) => ({ name, user: { token } })) };
  const folder = await mkdtemp(join(tmpdir(), 'perch-visitor-'));
  try {
    const file = join(folder, 'kubeconfig');
    await writeFile(file, JSON.stringify(visitor), { mode: 0o600 });
    const shop = createShop(createPerch(ground));
    const ending = await shop(
      'deploy',
      { tag: '6.9.1', is: ['defining'] },
      '--kubeconfig',
      file,
      '-n',
      place.app,
    );
    expectEnding(ending, 1, 'the API server does not let you', 'perch crds | kubectl apply', '`crds: false`');
  } finally {
    await rm(folder, { recursive: true });
  }
}
