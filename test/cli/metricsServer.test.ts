import { get } from 'node:http';
import { type MetricsServer, startMetricsServer } from '../../lib/cli/metricsServer.js';

const servers: MetricsServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close(0))));

async function serve(healthy = true, metrics = async () => 'flagger_info 1\n') {
  const server = await startMetricsServer(0, { healthy: () => healthy, metrics });
  servers.push(server);
  return server;
}

function ask(port: number, path: string): Promise<{ status?: number; type?: string; body: string }> {
  return new Promise((resolve, reject) => {
    get({ port, path, agent: false }, async (response) => {
      let body = '';
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', body });
    }).on('error', reject);
  });
}

test('/healthz says OK while the controller is well, and 503 when it is not', async () => {
  expect(await ask((await serve()).port, '/healthz')).toMatchObject({ status: 200, body: 'OK' });
  expect(await ask((await serve(false)).port, '/healthz')).toMatchObject({ status: 503 });
});

test("/metrics is Prometheus' text", async () => {
  expect(await ask((await serve()).port, '/metrics?x=1')).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    body: 'flagger_info 1\n',
  });
});

test('metrics that cannot be collected are an error of that request alone', async () => {
  const { port } = await serve(true, async () => {
    throw new Error('no metrics');
  });
  expect(await ask(port, '/metrics')).toMatchObject({ status: 500 });
  expect(await ask(port, '/healthz')).toMatchObject({ status: 200 });
});

test('any other path is not found', async () => {
  expect(await ask((await serve()).port, '/')).toMatchObject({ status: 404 });
});

test('a port in use is told with the flag to change', async () => {
  const { port } = await serve();
  const content = { healthy: () => true, metrics: async () => '' };
  await expect(startMetricsServer(port, content)).rejects.toMatchObject({ code: 'CLI_PORT', path: '-port' });
  await expect(startMetricsServer(port, content, '-metrics-port')).rejects.toMatchObject({
    path: '-metrics-port',
    remedy: 'name a free port with -metrics-port',
  });
});
