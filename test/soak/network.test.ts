import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import { listen } from './gate.js';
import { type Network, openNetwork, type Place } from './network.js';

const ask = async ({ enter }: Place, url: string): Promise<string> => {
  const [command = '', ...words] = [
    ...enter,
    process.execPath,
    '-e',
    `fetch('${url}', { signal: AbortSignal.timeout(1000) }).then((r) => r.text()).then(console.log, () => console.log('nobody'))`,
  ];
  return (await promisify(execFile)(command, words)).stdout.trim();
};

const serve = async (host: string, answer: string): Promise<{ server: Server; url: string }> => {
  const server = createServer((_, response) => response.end(answer));
  return { server, url: await listen(server, host) };
};

// CI and developers without root have no namespaces: the soak says so and parts controllers otherwise
const network: Promise<Network | undefined> = openNetwork().catch(() => undefined);

test('a pulled cable keeps a place from the API server alone, and from nothing once it is plugged again', async () => {
  const opened = await network;
  if (!opened) return;
  const place = await opened.addPlace();
  const api = await serve(place.apiHost, 'the API server');
  const rest = await serve(opened.host, 'the rest');
  try {
    expect(await ask(place, api.url)).toBe('the API server');
    await place.cable.pull();
    expect(await ask(place, api.url)).toBe('nobody');
    expect(await ask(place, rest.url)).toBe('the rest');
    await place.cable.plug();
    let answer = 'nobody';
    while (answer === 'nobody') answer = await ask(place, api.url);
    expect(answer).toBe('the API server');
  } finally {
    for (const { server } of [api, rest]) server.closeAllConnections();
    for (const { server } of [api, rest]) server.close();
    opened.close();
  }
}, 30_000);
