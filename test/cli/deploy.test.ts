import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AlertProviders } from '../../lib/api/alertProvider.js';
import { Canaries } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { MetricTemplates } from '../../lib/api/metricTemplate.js';
import { ConfigMaps, Deployments, Events, Ingresses, Services } from '../../lib/api/workloads.js';
import { traffic } from '../../lib/sim/models/traffic.js';
import { createWorld, type World } from '../../lib/sim/world.js';
import { Definitions, Namespaces } from '../clusterKinds.js';
import { type ApiServer, startApiServer } from '../kube/apiServer.js';
import { host, podinfo } from '../sim/podinfo.js';
import { bundlePerch } from './bundle.js';

const kinds = [
  ...[Namespaces, Definitions],
  ...[ConfigMaps, Deployments, Events, Ingresses, Services],
  ...[AlertProviders, Canaries, MetricTemplates],
];

let folder: string;
let run: ReturnType<typeof bundlePerch>;
let world: World;
let server: ApiServer;

/** A user's project, with `podinfo` of one version in it. */
function write(tag: string): void {
  const objects: KubeObject[] = podinfo(tag);
  writeFileSync(join(folder, 'objects.json'), JSON.stringify(objects));
}

function writeConfig(name: string, server: string): string {
  const file = join(folder, name);
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'virtual', cluster: { server } }],
      users: [{ name: 'me', user: { token: 'x' } }],
      contexts: [{ name: 'virtual', context: { cluster: 'virtual', user: 'me', namespace: 'default' } }],
      'current-context': 'virtual',
    }),
  );
  return file;
}

beforeAll(async () => {
  folder = mkdtempSync(join(__dirname, '.project-'));
  run = bundlePerch(folder, { KUBECONFIG: join(folder, 'kubeconfig') });
  writeFileSync(join(folder, 'package.json'), '{ "name": "shop" }');
  writeFileSync(
    join(folder, 'main.ts'),
    `import { readFileSync } from 'node:fs';
import { ApiObject, App, Chart } from 'cdk8s';
const app = new App();
const chart = new Chart(app, 'shop');
for (const object of JSON.parse(readFileSync('objects.json', 'utf8'))) {
  const name: string = [object.kind, object.metadata.name].join('-');
  new ApiObject(chart, name, object);
}
app.synth();
`,
  );
  world = createWorld({ traffic: traffic.steady({ rps: 20, host }) });
  server = await startApiServer({ cluster: world.cluster, kinds });
  writeConfig('kubeconfig', server.url);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Half a virtual second each millisecond or so; the controller starts when it can. */
async function whileTimePasses(work: () => Promise<void>): Promise<void> {
  let started = false;
  let working = true;
  const pass = async () => {
    while (working) {
      await world.clock.advance(500);
      if (!started && (await world.cluster.kinds('flagger.app')).length === 3) {
        started = true;
        await world.startController();
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  await Promise.all([work().finally(() => (working = false)), pass()]);
}

const perch = (...argv: string[]) => run(argv);

test('one command makes a program run, and the next release is one command too', () =>
  whileTimePasses(async () => {
    write('6.9.0');
    const first = await perch('deploy', 'main.ts', '--name', 'shop');
    expect(first).toMatchObject({ code: 0, error: '' });
    expect(first.out).toContain('+ create  Deployment test/podinfo  (shop/Deployment-podinfo)');
    expect(first.out).toContain('ready    Canary test/podinfo: Initialized');

    expect(await perch('diff', 'main.ts', '--name', 'shop')).toMatchObject({
      code: 0,
      out: '0 to create, 0 to change, 0 to delete, 13 unchanged\n',
    });

    write('6.9.1');
    const difference = await perch('diff', 'main.ts', '--name', 'shop');
    expect(difference.code).toBe(1);
    expect(difference.out).toContain(
      'spec.template.spec.containers[podinfo].image: "ghcr.io/stefanprodan/podinfo:6.9.0" → "ghcr.io/stefanprodan/podinfo:6.9.1"',
    );

    const second = await perch('deploy', 'main.ts', '--name', 'shop');
    expect(second).toMatchObject({ code: 0, error: '' });
    expect(second.out).toContain('ready    Canary test/podinfo: Succeeded');

    const awaited = await perch('wait', 'test/podinfo', '--revision', '6.9.1', '--json');
    expect(JSON.parse(awaited.out)).toMatchObject({ verdict: 'succeeded', phase: 'Succeeded' });

    world.behave(/6\.9\.2/, { errorRate: 0.3 });
    write('6.9.2');
    const third = await perch('deploy', 'main.ts', '--name', 'shop');
    expect(third.code).toBe(1);
    expect(third.error).toMatch(/rolled back: .*success rate .* < 99%[\s\S]*\[DEPLOY_ROLLED_BACK\]/);
  }));

test('YAML on standard input is a program like any other', async () => {
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'from-stdin' }, data: { a: '1' } }],
  };
  const argv = ['deploy', '-', '--name', 'piped'];
  expect(await run(argv, JSON.stringify(list))).toMatchObject({ code: 0, error: '' });
  const live = await world.cluster.get(ConfigMaps, { namespace: 'default', name: 'from-stdin' });
  expect(live.data).toEqual({ a: '1' });
});

test('an app command is a program like any other', async () => {
  const echo = `echo '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"from-app"}}' > $CDK8S_OUTDIR/a.yaml`;
  expect(await perch('diff', '--app', echo, '--name', 'other')).toMatchObject({
    code: 1,
    out: expect.stringContaining('+ create  ConfigMap default/from-app'),
  });
});

test.each([
  [['deploy', 'main.ts', '--context', 'nowhere'], 1, 'KUBE_CONFIG'],
  [['deploy', 'main.ts', '--kubeconfig', 'nowhere'], 1, 'KUBE_CONFIG'],
  [['deploy', 'nosuch.ts', '--kubeconfig', 'nowhere'], 1, 'SYNTH_FILE_MISSING'],
  [['deploy', '-'], 1, 'DEPLOY_NAME'],
  [['deploy'], 1, 'SYNTH_NO_PROGRAM'],
  [['deploy', 'main.ts', '--timeout', 'soon'], 2, 'CLI_FLAG_VALUE'],
  [['deploy', '--app', 'exit 3', '--name', 'a'], 1, 'SYNTH_COMMAND_FAILED'],
  [['wait', 'test/nobody'], 1, 'CLI_CANARY_NOT_FOUND'],
])('perch %j is refused with a reason', async (argv, code, reason) => {
  const ended = await perch(...(argv as string[]));
  expect(ended.error).toContain(`[${reason}]`);
  expect(ended.code).toBe(code);
});

test('an API server that is away is told as such', async () => {
  const config = writeConfig('away', 'http://127.0.0.1:9');
  const ended = await perch('diff', 'main.ts', '--kubeconfig', config, '--name', 'shop');
  expect(ended).toMatchObject({ code: 1, error: expect.stringContaining('[DEPLOY_API_SERVER]') });
});

describe('on a cluster without the CRDs of perch', () => {
  let bare: ApiServer;
  let config: string;
  beforeAll(async () => {
    bare = await startApiServer({ cluster: createWorld().cluster, kinds: [ConfigMaps, Namespaces] });
    config = writeConfig('bare', bare.url);
  });
  afterAll(() => bare.close());

  test.each(['status', 'history', 'wait', 'pause', 'offboard'])(
    'perch %s says that they are missing, and how to install them',
    async (command) => {
      const ended = await perch(command, 'podinfo', '--kubeconfig', config);
      expect(ended).toMatchObject({ code: 1, out: '' });
      expect(ended.error).toBe(
        [
          'canaries.flagger.app',
          '  expected the cluster to have the CRD canaries.flagger.app, found none',
          '  remedy: install it: perch crds | kubectl apply --server-side -f -',
          '  [CLI_CRD_MISSING]',
          '',
        ].join('\n'),
      );
    },
  );
});
