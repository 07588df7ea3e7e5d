import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigMaps } from '../../lib/api/workloads.js';
import { loadConnection } from '../../lib/kube/config.js';
import { connectBy } from '../../lib/kube/connect.js';
import { connectFromPod, inPod } from '../../lib/kube/serviceAccount.js';
import { startApiServer } from './apiServer.js';
import { createMemoryCluster } from './memory.js';

const given = { ...process.env };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perch-account-'));
  for (const [name, text] of Object.entries({ 'ca.crt': 'authority', token: 'first\n', namespace: 'shop' })) {
    writeFileSync(join(folder, name), text);
  }
});

afterEach(() => {
  process.env = { ...given };
  rmSync(folder, { recursive: true });
});

test('a pod asks with the token of its service account, and with the new one once the old is refused', async () => {
  let token = 'first';
  const server = await startApiServer({
    cluster: createMemoryCluster(),
    kinds: [ConfigMaps],
    token: () => token,
  });
  const cluster = connectBy(await connectFromPod(server.url, folder), { version: '1.2.3' });
  try {
    expect((await cluster.list(ConfigMaps, { namespace: 'shop' })).items).toEqual([]);
    token = 'second';
    writeFileSync(join(folder, 'token'), token);
    expect((await cluster.list(ConfigMaps, { namespace: 'shop' })).items).toEqual([]);
  } finally {
    await cluster.close();
    await server.close();
  }
});

test.each([
  ['10.96.0.1', '443', 'https://10.96.0.1:443'],
  ['fd00::1', '6443', 'https://[fd00::1]:6443'],
  ['127.0.0.1', '8001', 'https://127.0.0.1:8001'],
])('the API server at %s, port %s, is %s', async (host, port, url) => {
  Object.assign(process.env, { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port });
  const { baseUrl, namespace, user } = await connectFromPod(undefined, folder);
  expect([baseUrl, namespace, user]).toEqual([url, 'shop', 'inClusterUser']);
});

test('a pod reaches the API server by the proxy that its environment names', async () => {
  const asked: (string | undefined)[] = [];
  const proxy = createServer().on('connect', ({ url }, socket) => {
    asked.push(url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    KUBERNETES_SERVICE_HOST: '10.96.0.1',
    HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  });
  const cluster = connectBy(await connectFromPod(undefined, folder), { version: '1.2.3' });
  try {
    await expect(cluster.list(ConfigMaps)).rejects.toMatchObject({ reason: 'ConnectionFailed' });
    expect(asked).toEqual(['10.96.0.1:443']);
  } finally {
    await cluster.close();
    proxy.close();
  }
});

test('what has no token, or no API server in its environment, is no pod', () => {
  process.env.KUBERNETES_SERVICE_HOST = '10.96.0.1';
  expect(inPod(folder)).toBe(true);
  rmSync(join(folder, 'token'));
  expect(inPod(folder)).toBe(false);
  writeFileSync(join(folder, 'token'), 'first');
  delete process.env.KUBERNETES_SERVICE_HOST;
  expect(inPod(folder)).toBe(false);
});

test('an address alone is asked without saying who asks', async () => {
  const connection = await loadConnection({ master: 'http://127.0.0.1:8001/' });
  expect(connection.baseUrl).toBe('http://127.0.0.1:8001');
  expect(await connection.headers()).toEqual({});
});

test('an address that is no URL is refused, and so is a context without a kubeconfig', async () => {
  const refusal = expect.objectContaining({ code: 'KUBE_CONFIG' });
  await expect(loadConnection({ master: '127.0.0.1:8001' })).rejects.toEqual(refusal);
  await expect(loadConnection({ master: 'http://127.0.0.1:8001', context: 'staging' })).rejects.toEqual(
    refusal,
  );
});
