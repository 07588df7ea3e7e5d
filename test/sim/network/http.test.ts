import type { World } from '../../../lib/sim/world.js';
import { host, namespace, release, webhooks } from '../podinfo.js';
import { initialized } from '../stage.js';

const loadTester = 'http://loadtester.test';

function post(world: World, url: string, body: unknown = {}) {
  return world.http.request({ method: 'POST', url, body: JSON.stringify(body), timeoutMs: 5000 });
}

function task(metadata: Record<string, string>) {
  return { name: 'podinfo', namespace, phase: 'Progressing', metadata };
}

const labels = { app: 'ingress-nginx' };
const metadata = { name: 'ingress-nginx-controller', namespace: 'ingress-nginx' };
const containers = [{ name: 'controller', image: 'registry.k8s.io/ingress-nginx/controller:v1.14.0' }];
const template = { metadata: { labels }, spec: { containers } };
const router = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ingress-nginx' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { selector: { matchLabels: labels }, template },
  },
  { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: 80 }] } },
];

describe('the virtual network', () => {
  it('answers for the application behind a Service and behind an Ingress host', async () => {
    const world = await initialized();
    for (const url of [
      `http://${host}/token`,
      'http://podinfo.test/token',
      'http://podinfo.test.svc.cluster.local:80/token',
    ]) {
      const answer = await world.http.request({ method: 'GET', url, timeoutMs: 1000 });
      expect(answer.status).toBe(200);
      expect(answer.body).toContain('token');
    }
  });

  it('refuses a name that nobody has, and a Service without ready pods, naming the host only', async () => {
    const world = await initialized();
    const unknown = world.http.request({
      method: 'GET',
      url: 'http://nobody.test/secret?x=y',
      timeoutMs: 1000,
    });
    await expect(unknown).rejects.toMatchObject({
      code: 'NET_CONNECTION',
      message: 'GET to nobody.test: no such host (ENOTFOUND)',
    });
    const idle = world.http.request({ method: 'GET', url: 'http://podinfo-canary.test/', timeoutMs: 1000 });
    await expect(idle).rejects.toMatchObject({
      message: 'GET to podinfo-canary.test: connection refused (ECONNREFUSED)',
    });
  });

  it('answers queries at the address of the Service in front of Prometheus', async () => {
    const world = await initialized();
    const url = 'http://prometheus.monitoring:9090/api/v1/query?query=vector(1)';
    const { body } = await world.http.request({ method: 'GET', url, timeoutMs: 1000 });
    expect(JSON.parse(body)).toMatchObject({ status: 'success', data: { resultType: 'vector' } });
  });

  it('keeps what is posted to a sink', async () => {
    const world = await initialized();
    world.addSink('alerts.example.com');
    await post(world, 'https://alerts.example.com/hook', { text: 'hello' });
    expect(world.alerts()).toMatchObject([
      { host: 'alerts.example.com', body: '{"text":"hello"}', at: world.clock.now() },
    ]);
  });
});

describe('the virtual load tester', () => {
  it('opens and closes gates by canary', async () => {
    const world = await initialized();
    const check = async () => (await post(world, `${loadTester}/gate/check`, task({}))).status;
    expect(await check()).toBe(403);
    expect((await post(world, `${loadTester}/gate/open`, task({}))).status).toBe(202);
    expect(await check()).toBe(200);
    expect((await post(world, `${loadTester}/rollback/check`, task({}))).status).toBe(403);
    await post(world, `${loadTester}/gate/close`, task({}));
    expect(await check()).toBe(403);
  });

  it('turns hey into requests through the Ingress, for as long as it says, once at a time', async () => {
    const world = await initialized({ traffic: [] });
    const load = webhooks.find(({ name }) => name === 'load-test')!;
    for (let tick = 0; tick < 3; tick++)
      await post(world, `${loadTester}/`, task(load.metadata as Record<string, string>));
    await world.clock.advance(120_000);
    expect(world.tally().get(release('6.9.0'))).toMatchObject({
      requests: 1200,
      failures: 0,
      userRequests: 0,
    });
  });

  it("sends a load task's requests through the Ingress, for as long as it says, once at a time", async () => {
    const world = await initialized({ traffic: [] });
    const load = { type: 'load', url: `http://${host}/`, rate: '20', connections: '2', duration: '1m' };
    for (let tick = 0; tick < 3; tick++) await post(world, `${loadTester}/`, task(load));
    await world.clock.advance(120_000);
    expect(world.tally().get(release('6.9.0'))).toMatchObject({ requests: 1200, userRequests: 0 });
  });

  it('lets the router choose by the Host header, where a command gives one', async () => {
    const world = await initialized({ traffic: [] });
    world.apply(router);
    await world.clock.advance(30_000);
    const run = async (cmd: string) => post(world, `${loadTester}/`, task({ type: 'bash', cmd }));
    const at = 'http://ingress-nginx-controller.ingress-nginx';
    expect((await run(`curl -s -H 'Host: ${host}' ${at}/token | grep token`)).status).toBe(200);
    expect((await run(`curl -s ${at}/token -H 'Host: ${host}' | grep token`)).status).toBe(200);
    expect((await run(`curl -s ${at}/token`)).status).toBe(500);
    expect((await run(`curl -s -H 'Host: ${host}' http://nobody.test/token`)).status).toBe(500);
    await run(`hey -z 10s -q 5 -c 2 -host ${host} ${at}/`);
    await run(`hey -z 10s -q 5 -c 2 ${at}/ -host ${host}`);
    await world.clock.advance(20_000);
    expect(world.tally().get(release('6.9.0'))).toMatchObject({ requests: 200, failures: 0 });
  });

  it('runs an acceptance test against what answers', async () => {
    const world = await initialized();
    const run = async (cmd: string) => post(world, `${loadTester}/`, task({ type: 'bash', cmd }));
    expect((await run("curl -sd 'test' http://podinfo/token | grep token")).status).toBe(200);
    expect((await run('curl -s http://podinfo/ | grep -q "no such text"')).status).toBe(500);
    expect((await run('curl -s http://podinfo-canary/token | grep token')).status).toBe(500);
    expect((await run('rm -rf /')).body).toContain('rm: command not found');
  });

  it('refuses what it cannot do with the texts of the load tester', async () => {
    const world = await initialized();
    expect(await post(world, `${loadTester}/`, task({}))).toMatchObject({
      status: 400,
      body: 'metadata not found in payload',
    });
    expect(await post(world, `${loadTester}/`, task({ type: 'bash' }))).toMatchObject({
      status: 400,
      body: 'cmd not found in metadata',
    });
    expect((await post(world, `${loadTester}/`, task({ type: 'concord', cmd: 'test' }))).body).toBe(
      'unknown task type concord',
    );
  });
});
