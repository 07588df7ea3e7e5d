import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realClock } from '../../../lib/kube/clock.js';
import { admitAnybody } from '../../../lib/loadtester/admission.js';
import { createLatencies } from '../../../lib/loadtester/load/latencies.js';
import { createLoadTester, type LoadTester } from '../../../lib/loadtester/server.js';
import fc from '../../property.js';
import { recordLog } from '../world.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function target(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(answer);
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  open.push({ close });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
async function tester(timeoutMs = 60_000) {
  const log = recordLog();
  const made: LoadTester = createLoadTester({ timeoutMs, admit: admitAnybody }, { log, clock: realClock });
  open.push(made);
  const url = `http://127.0.0.1:${await made.listen(0)}`;
  const post = async (metadata: Record<string, string>) => {
    const body = JSON.stringify({
      name: 'podinfo',
      namespace: 'test',
      metadata: { type: 'load', ...metadata },
    });
    const response = await fetch(url, { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  };
  return { url, log, post, made };
}

test('so many requests are sent as rate and duration make, with what they shall carry', async () => {
  const seen: string[] = [];
  const url = await target((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.host} ${request.headers['x-version']}`);
    request.resume().on('end', () => response.end('ok'));
  });
  const { post } = await tester();
  const { status, text } = await post({
    ...{ url: `${url}a?b=c`, rate: '200', duration: '250ms', connections: '4', wait: 'true' },
    ...{ method: 'POST', body: 'x', host: 'podinfo.example.com', headers: 'X-Version: canary' },
  });
  expect(status).toBe(200);
  expect(JSON.parse(text)).toMatchObject({
    requests: 50,
    unexpected: 0,
    missed: 0,
    answers: { 200: 50 },
    url: `${url}a`,
  });
  expect(seen).toEqual(Array(50).fill('POST /a?b=c podinfo.example.com canary'));
});

test('answers that were not hoped for fail it, and are counted by what they were', async () => {
  let count = 0;
  const url = await target((request, response) => {
    if (++count % 4 === 0) return void request.socket.destroy();
    response.writeHead(count % 2 ? 200 : 503).end();
  });
  const { url: own, post } = await tester();
  const { status, text } = await post({
    url,
    rate: '100',
    duration: '200ms',
    connections: '1',
    wait: 'true',
  });
  expect(status).toBe(500);
  expect(text).toMatch(/^10 of 20 requests were not answered as expected/);
  const metrics = await (await fetch(`${own}/metrics`)).text();
  expect(metrics).toContain('perch_loadtester_requests_total{canary="podinfo.test",result="503"} 5');
  expect(metrics).toContain('perch_loadtester_requests_total{canary="podinfo.test",result="reset"} 5');
  const loads = await (await fetch(`${own}/loads`)).json();
  expect(loads).toEqual([expect.objectContaining({ canary: 'podinfo.test', unexpected: 10 })]);
});

test('a server that is not there is a class of failure', async () => {
  const { post } = await tester();
  const url = 'http://127.0.0.1:1/';
  const { text } = await post({ url, rate: '20', duration: '100ms', wait: 'true' });
  expect(text).toContain('"answers":{"refused":2}');
});

test('no more requests are under way than there are connections', async () => {
  let [underWay, most] = [0, 0];
  const url = await target((_request, response) => {
    most = Math.max(most, ++underWay);
    setTimeout(() => {
      underWay--;
      response.end();
    }, 20);
  });
  const { post } = await tester();
  await post({ url, rate: '500', duration: '200ms', connections: '3', wait: 'true' });
  expect(most).toBe(3);
});

test('a load is answered at once, runs once, and ends with the load tester', async () => {
  const url = await target((_request, response) => response.end());
  const { post, log, made } = await tester();
  const metadata = { url: `${url}?key=secret`, rate: '100', duration: '1h' };
  expect(await post(metadata)).toEqual({ status: 202, text: '' });
  expect(await post(metadata)).toEqual({ status: 202, text: '' });
  await log.line('is already running');
  await made.close();
  expect((await log.line('command failed load GET')).message).toContain('shutting down');
  expect(JSON.stringify(log.lines)).not.toContain('secret');
});

test('the timeout of every task ends a load too', async () => {
  const url = await target((_request, response) => response.end());
  const { post } = await tester(100);
  const { status, text } = await post({ url, rate: '100', duration: '1h', wait: 'true' });
  expect(status).toBe(500);
  expect(text).toContain('ended by the timeout');
});

test('percentiles are right within two per cent', () => {
  const times = fc.array(fc.double({ min: 0.02, max: 60_000, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(times, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, share) => {
      const latencies = createLatencies();
      for (const value of values) latencies.add(value);
      const exact = values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1]!;
      expect(Math.abs(latencies.percentile(share) / exact - 1)).toBeLessThan(0.02);
    }),
  );
});
