import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigMaps } from '../../lib/api/workloads.js';
import { type ApiServer, startApiServer } from './apiServer.js';
import { createMemoryCluster } from './memory.js';
import { bundle } from './program.js';

/** Asks for a ConfigMap as often as it is told, with the configuration that it is told; prints what came of it. */
const program = `
import { ConfigMaps } from './lib/api/workloads.ts';
import { connect } from './lib/kube/connect.ts';
const { options, times } = JSON.parse(process.argv[2]);
async function ask() {
  const cluster = await connect({ version: '1.2.3', kubectlOrder: true, ...options });
  const outcomes = [];
  for (let time = 0; time < times; time++) {
    const read = cluster.get(ConfigMaps, { namespace: 'shop', name: 'a' });
    outcomes.push(await read.then(() => 'read', (error) => error.message));
  }
  await cluster.close();
  return outcomes;
}
ask().then((outcomes) => console.log(JSON.stringify(outcomes)), (error) => console.log(JSON.stringify([error.code])));
`;

const folder = mkdtempSync(join(tmpdir(), 'perch-kubectl-'));
const at = (name: string) => join(folder, name);
let token: string;
let server: ApiServer;

beforeAll(() => bundle(program, at('ask.cjs')));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  const cluster = createMemoryCluster();
  await cluster.create(ConfigMaps, { metadata: { namespace: 'shop', name: 'a' } });
  token = 'first';
  server = await startApiServer({ cluster, kinds: [ConfigMaps], token: () => token });
});
afterEach(() => server.close());

/** A kubeconfig, without what is not given. */
function write(name: string, user?: object, cluster: object = {}, context = 'shop'): string {
  const config = {
    'current-context': context,
    clusters: [{ name: 'c', cluster: { server: server.url, ...cluster } }],
    contexts: [{ name: context, context: { cluster: 'c', user: 'u' } }],
    users: user ? [{ name: 'u', user }] : [],
  };
  writeFileSync(at(name), JSON.stringify(config));
  return at(name);
}

async function ask(options: object, env: Record<string, string> = {}, times = 1): Promise<string[]> {
  const given = [at('ask.cjs'), JSON.stringify({ options, times })];
  const { stdout } = await promisify(execFile)(process.execPath, given, { env: { HOME: folder, ...env } });
  return JSON.parse(stdout) as string[];
}

/** The headers of the next request, each as often as it was sent; it is answered with a ConfigMap. */
function nextHeaders(): Promise<Record<string, string[] | undefined>> {
  return new Promise((resolve) => {
    server.failNext((request, response) => {
      resolve({ ...request.headersDistinct });
      response.end('{"kind":"ConfigMap","metadata":{"name":"a"}}');
    });
  });
}

/** A credential plugin: it hands out the token of a file, and writes down what it was told. */
function writePlugin(): void {
  const script = `#!/bin/sh
echo "$KUBERNETES_EXEC_INFO" >> ${at('told')}
echo '{"kind":"ExecCredential","status":{"token":"'$(cat ${at('token')})'"}}'
`;
  writeFileSync(at('plugin'), script);
  chmodSync(at('plugin'), 0o755);
  writeFileSync(at('told'), '');
  writeFileSync(at('token'), 'first');
}

const told = () =>
  readFileSync(at('told'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: './plugin', interactiveMode: 'Never' };

describe('a kubeconfig is obeyed as by kubectl', () => {
  it('asks a plugin once, and again when its token has been refused, though that never expires', async () => {
    writePlugin();
    server.failNext((_, response) => {
      token = 'second';
      writeFileSync(at('token'), token);
      response.end('{"kind":"ConfigMap","metadata":{"name":"a"}}');
    });
    const outcomes = await ask({ kubeconfig: write('config', { exec }) }, {}, 3);
    expect(outcomes).toEqual(['read', 'read', 'read']);
    expect(told()).toHaveLength(2);
  });

  it('tells a plugin the version it is to speak, and the cluster when it asks for that', async () => {
    writePlugin();
    const config = { name: 'client.authentication.k8s.io/exec', extension: { audience: 'shop' } };
    const cluster = { 'certificate-authority-data': 'Y2E=', extensions: [config] };
    await ask({ kubeconfig: write('config', { exec }, cluster) });
    await ask({ kubeconfig: write('config', { exec: { ...exec, provideClusterInfo: true } }, cluster) });
    const asked = { apiVersion: exec.apiVersion, kind: 'ExecCredential' };
    const described = {
      server: server.url,
      'certificate-authority-data': 'Y2E=',
      config: config.extension,
    };
    expect(told()).toEqual([
      { ...asked, spec: { interactive: false } },
      { ...asked, spec: { interactive: false, cluster: described } },
    ]);
  });

  it('acts as the user, uid, groups and extras that it names', async () => {
    const extra = { 'example.com/team': ['shop', 'till'] };
    const as = { as: 'jane', 'as-uid': '7', 'as-groups': ['dev', 'ops'], 'as-user-extra': extra };
    const sent = nextHeaders();
    expect(await ask({ kubeconfig: write('config', { token, ...as }) })).toEqual(['read']);
    expect(await sent).toMatchObject({
      authorization: ['Bearer first'],
      'impersonate-user': ['jane'],
      'impersonate-uid': ['7'],
      'impersonate-group': ['dev', 'ops'],
      'impersonate-extra-example.com%2fteam': ['shop', 'till'],
    });
  });

  it('reads a token from the file that is named, beside the kubeconfig', async () => {
    writeFileSync(at('bearer'), 'first\n');
    expect(await ask({ kubeconfig: write('config', { token: 'old', tokenFile: 'bearer' }) })).toEqual([
      'read',
    ]);
  });
});

describe('of several kubeconfigs in KUBECONFIG', () => {
  it('those that are missing are passed over; none at all is an error, and so is a missing one that was named', async () => {
    const KUBECONFIG = `${at('missing')}:${write('config', { token })}`;
    expect(await ask({}, { KUBECONFIG })).toEqual(['read']);
    expect(await ask({}, { KUBECONFIG: at('missing') })).toEqual(['KUBE_CONFIG']);
    expect(await ask({ kubeconfig: at('missing') }, { KUBECONFIG })).toEqual(['KUBE_CONFIG']);
  });

  it('the first to say something counts: a context, a cluster, a user', async () => {
    const first = write('first', { token });
    const second = write('second', { token: 'other' }, { server: 'http://127.0.0.1:1' }, 'till');
    expect(await ask({}, { KUBECONFIG: `${first}:${second}` })).toEqual(['read']);
    // its context is in the second alone, the cluster and the user of that name in both
    expect(await ask({ context: 'till' }, { KUBECONFIG: `${first}:${second}` })).toEqual(['read']);
  });
});

describe("the environment's proxy", () => {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('{"kind":"ConfigMap","metadata":{"name":"a"}}');
  });
  proxy.on('connect', ({ url }, socket) => {
    asked.push(`CONNECT ${url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  const address = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  beforeAll(() => new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => proxy.close(resolve)));
  beforeEach(() => void asked.splice(0));

  const far = { server: 'https://api.shop.invalid:6443' };

  it('leads to the API server of a kubeconfig, by a tunnel where the server speaks TLS', async () => {
    await ask({ kubeconfig: write('config', { token }, far) }, { HTTPS_PROXY: address() });
    expect(asked).toEqual(['CONNECT api.shop.invalid:6443']);
    const plain = write('config', { token }, { server: 'http://api.shop.invalid' });
    expect(await ask({ kubeconfig: plain }, { http_proxy: address() })).toEqual(['read']);
    expect(asked).toContain('GET http://api.shop.invalid/api/v1/namespaces/shop/configmaps/a');
  });

  it("gives way to the cluster's own, and to NO_PROXY", async () => {
    const own = write('config', { token }, { ...far, 'proxy-url': address() });
    await ask({ kubeconfig: own }, { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' });
    expect(asked).toEqual(['CONNECT api.shop.invalid:6443']);
    const none = write('config', { token }, far);
    await ask({ kubeconfig: none }, { HTTPS_PROXY: address(), NO_PROXY: 'shop.invalid' });
    expect(asked).toHaveLength(1);
  });
});
