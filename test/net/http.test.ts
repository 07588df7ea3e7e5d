import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BODY_LIMIT } from '../../lib/net/body.js';
import { createHttp } from '../../lib/net/http.js';
import { nextHop } from '../../lib/net/redirect.js';
import type { HttpRequest } from '../../lib/ports/http.js';

interface Site {
  readonly url: string;
  readonly host: string;
  readonly seen: { method?: string; url?: string; headers: IncomingMessage['headers']; body: string }[];
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Site> {
  const seen: Site['seen'] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    seen.push({ method: method ?? '', url: url ?? '', headers, body: Buffer.concat(chunks).toString() });
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}`, host, seen };
}

function to(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, timeoutMs: 2000, ...more };
}

const http = createHttp();

test('a request is sent as it is given and its answer comes back whole', async () => {
  const site = await serve((_, response) => response.writeHead(418, { 'x-tea': 'green' }).end('Grüße'));
  const headers = { 'Content-Type': 'text/plain', 'X-Scope': ['a', 'b'] };
  const answer = await http.request(to(`${site.url}/path?q=1`, { method: 'POST', headers, body: 'ü' }));
  expect(answer).toMatchObject({ status: 418, body: 'Grüße', headers: { 'x-tea': 'green' } });
  expect(site.seen[0]).toMatchObject({ method: 'POST', url: '/path?q=1', body: 'ü' });
  expect(site.seen[0]?.headers).toMatchObject({ 'content-type': 'text/plain', 'x-scope': 'a, b' });
});

test('a body longer than the limit is cut', async () => {
  const site = await serve((_, response) => response.end('x'.repeat(BODY_LIMIT + 10)));
  expect((await http.request(to(site.url))).body).toHaveLength(BODY_LIMIT);
});

test('the time limit covers a body that never ends', async () => {
  const site = await serve((_, response) => response.write('begun'));
  await expect(
    http.request(to(`${site.url}/hook/secret?token=secret`, { timeoutMs: 100 })),
  ).rejects.toMatchObject({
    code: 'NET_TIMEOUT',
    message: `GET to ${site.host}: expected an answer within 100 ms, got none`,
  });
});

test('a refused connection names the host and neither path nor query', async () => {
  const site = await serve(() => {});
  servers.splice(0).map((server) => server.close());
  const failed = await http
    .request(to(`${site.url}/hook/secret?token=secret`))
    .catch((error: Error) => error);
  expect(failed).toMatchObject({
    code: 'NET_CONNECTION',
    message: `GET to ${site.host}: connection refused (ECONNREFUSED)`,
    path: site.host,
  });
  expect(JSON.stringify(failed) + String(failed)).not.toContain('secret');
});

test('a connection cut before the answer is told as that', async () => {
  const site = await serve((request) => request.socket.destroy());
  await expect(http.request(to(site.url))).rejects.toMatchObject({ code: 'NET_CONNECTION', path: site.host });
});

test.each(['', 'prometheus:9090', 'ftp://host/x', 'http://', 'https://us er:secret@'])(
  'the address %j is refused without being quoted',
  async (url) => {
    const failed = await http.request(to(url)).catch((error: Error) => error);
    expect(failed).toMatchObject({ code: 'NET_URL' });
    expect(String(failed)).not.toContain('secret');
  },
);

test('307 repeats the request, 303 makes it a GET without a body', async () => {
  const site = await serve((request, response) => {
    const next = { '/a': [307, '/b'], '/b': [303, '/c'] }[request.url ?? ''];
    if (!next) return response.end('arrived');
    return response.writeHead(Number(next[0]), { location: String(next[1]) }).end();
  });
  const headers = { 'content-type': 'text/plain', authorization: 'Bearer t' };
  const answer = await http.request(to(`${site.url}/a`, { method: 'POST', body: 'body', headers }));
  expect(answer.body).toBe('arrived');
  expect(site.seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
    'POST /a body',
    'POST /b body',
    'GET /c ',
  ]);
  expect(site.seen[2]?.headers.authorization).toBe('Bearer t');
});

test('another host never learns who asks', async () => {
  const other = await serve((_, response) => response.end('other'));
  const site = await serve((_, response) => response.writeHead(307, { location: `${other.url}/x` }).end());
  const headers = { authorization: 'Bearer t', 'X-Api-Key': 'k', cookie: 'c=1', accept: 'text/plain' };
  await http.request(to(site.url, { headers }));
  expect(other.seen[0]?.headers).toMatchObject({ accept: 'text/plain' });
  for (const name of ['authorization', 'x-api-key', 'cookie']) {
    expect(other.seen[0]?.headers).not.toHaveProperty(name);
  }
});

test('the same host by https does: that is what ingress controllers answer where they want it', () => {
  const hop = { url: new URL('http://hook.example.com/a'), method: 'POST', headers: {}, body: 'b' } as const;
  expect(nextHop(hop, 308, 'https://hook.example.com/a')).toMatchObject({ method: 'POST', body: 'b' });
  expect(() => nextHop(hop, 308, 'https://hook.example.com:8443/a')).toThrow('expected an answer from');
});

test.each([307, 308])('another host never learns the body that %d would repeat there', async (status) => {
  const other = await serve((_, response) => response.end('other'));
  const site = await serve((_, response) =>
    response.writeHead(status, { location: `${other.url}/x?y=z` }).end(),
  );
  const alert = { method: 'POST', body: '{"routing_key":"secret"}' } as const;
  const failed = await http.request(to(`${site.url}/hook`, alert)).catch((error: Error) => error);
  expect(failed).toMatchObject({
    code: 'NET_REDIRECT_BODY',
    message: `POST to ${site.host}: expected an answer from ${site.url}, got ${status} that sends the body on to ${other.url}`,
    path: site.host,
  });
  expect(other.seen).toEqual([]);
});

test('another host is asked without the body where the redirect leaves it behind', async () => {
  const other = await serve((_, response) => response.end('other'));
  const site = await serve((_, response) => response.writeHead(303, { location: other.url }).end());
  const headers = { 'content-type': 'text/plain' };
  const answer = await http.request(to(site.url, { method: 'POST', body: 'secret', headers }));
  expect(answer.body).toBe('other');
  expect(other.seen).toEqual([expect.objectContaining({ method: 'GET', body: '' })]);
  expect(other.seen[0]?.headers).not.toHaveProperty('content-type');
});

test('a loop of redirects ends after ten', async () => {
  const site = await serve((_, response) => response.writeHead(302, { location: '/' }).end());
  await expect(http.request(to(site.url))).rejects.toMatchObject({ code: 'NET_REDIRECTS' });
  expect(site.seen).toHaveLength(11);
});

test('a redirect to nowhere is an answer like any other', async () => {
  const site = await serve((_, response) => response.writeHead(301).end('moved'));
  expect(await http.request(to(site.url))).toMatchObject({ status: 301, body: 'moved' });
});

test('a proxy is asked for the whole address', async () => {
  const proxy = await serve((_, response) => response.end('by proxy'));
  const answer = await http.request(to('http://nowhere.invalid/x', { proxy: proxy.url }));
  expect(answer.body).toBe('by proxy');
  expect(proxy.seen[0]?.url).toBe('http://nowhere.invalid/x');
});

test("the environment's proxy is used, but not for this machine", async () => {
  const proxy = await serve((_, response) => response.end('by proxy'));
  const site = await serve((_, response) => response.end('direct'));
  const behind = createHttp({ environment: { httpProxy: proxy.url, noProxy: 'example.com,192.0.2.0/24' } });
  expect((await behind.request(to('http://nowhere.invalid/x'))).body).toBe('by proxy');
  expect((await behind.request(to(site.url))).body).toBe('direct');
  await expect(behind.request(to('http://192.0.2.1/', { timeoutMs: 50 }))).rejects.toThrow();
  // As Go's clients, which have HTTPS_PROXY for this
  await expect(behind.request(to('https://nowhere.invalid/x'))).rejects.toThrow(/host/);
  expect(proxy.seen).toHaveLength(1);
});

describe('where clouds keep credentials', () => {
  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'http://0xa9.254.169.254/',
    'http://168.63.129.16/',
  ])('%s is refused', async (url) => {
    await expect(http.request(to(url))).rejects.toMatchObject({
      code: 'NET_METADATA_ADDRESS',
      remedy: expect.stringContaining('-allow-metadata-addresses'),
    });
  });

  test('no redirect leads there', async () => {
    const site = await serve((_, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    );
    await expect(http.request(to(site.url))).rejects.toMatchObject({ code: 'NET_METADATA_ADDRESS' });
  });

  test('no name does', async () => {
    const dns = jest.spyOn(require('node:dns'), 'lookup');
    const addresses = [{ address: '169.254.169.254', family: 4 }];
    dns.mockImplementation((...words: unknown[]) =>
      (words[2] as (...found: unknown[]) => void)(null, addresses),
    );
    try {
      await expect(createHttp().request(to('http://rebound.example.com/'))).rejects.toMatchObject({
        code: 'NET_METADATA_ADDRESS',
      });
    } finally {
      dns.mockRestore();
    }
  });
});
