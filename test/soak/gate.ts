import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import type { ControlPlane } from './controlPlane.js';

/** `open`: passes on; `busy`: 429 for most; `silent`: nothing gets through, as when a cable is pulled. */
export type GateMode = 'open' | 'busy' | 'silent';

interface Asked {
  readonly method: string;
  readonly path: string;
  /** Epoch ms. */
  readonly at: number;
}

/** A controller's way to the API server: counts what it asks, and can be made worse. */
export interface Gate {
  readonly url: string;
  readonly asked: readonly Asked[];
  set(mode: GateMode): void;
  /** Ends the open watches, of all paths or of these, in the middle. */
  cutWatches(paths?: RegExp): void;
  /** Of the watches that are open at these paths nothing comes any more, until they are cut. */
  muteWatches(paths: RegExp): void;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/** Of what a busy server refuses it still serves one in so many. */
const SERVED_WHEN_BUSY = 5;

/** Listens at `host`, an address of this machine. */
export async function startGate(
  { apiServer }: Pick<ControlPlane, 'apiServer'>,
  host = LOOPBACK,
): Promise<Gate> {
  const pool = new Pool(apiServer.url, {
    connect: { ca: apiServer.ca },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const asked: Asked[] = [];
  const watches = new Map<ServerResponse, Dispatcher.ResponseData>();
  const held = new Set<ServerResponse>();
  let mode: GateMode = 'open';
  const server = createServer((request, response) => {
    const { method = 'GET', url: path = '/' } = request;
    asked.push({ method, path, at: Date.now() });
    if (mode === 'silent') return void held.add(response);
    if (mode === 'busy' && asked.length % SERVED_WHEN_BUSY > 0) return refuse(response);
    forward(pool, apiServer.token, request, response, watches).catch(() => response.destroy());
  });
  // as an API server: connections stay open between a controller's looks
  server.keepAliveTimeout = 90_000;
  const url = await listen(server, host);
  return {
    url,
    asked,
    set(next) {
      mode = next;
      for (const [response, { body }] of watches) {
        if (mode === 'silent') body.unpipe(response);
        else response.destroy();
      }
      if (mode === 'silent') return;
      for (const response of held) response.destroy();
      held.clear();
    },
    cutWatches(paths = /^/) {
      for (const response of watches.keys()) if (paths.test(response.req.url ?? '')) response.destroy();
    },
    muteWatches(paths) {
      for (const [response, { body }] of watches)
        if (paths.test(response.req.url ?? '')) body.unpipe(response);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await pool.destroy();
    },
  };
}

async function forward(
  pool: Pool,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
  watches: Map<ServerResponse, Dispatcher.ResponseData>,
): Promise<void> {
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const answer = await pool.request({
    method: (request.method ?? 'GET') as Dispatcher.HttpMethod,
    path: request.url ?? '/',
    headers: { ...headers, authorization: `Bearer ${token}` },
    body: request.method === 'GET' ? null : await bodyOf(request),
    signal: gone.signal,
  });
  answer.body.on('error', () => response.destroy());
  response.writeHead(answer.statusCode, answer.headers);
  response.flushHeaders();
  answer.body.pipe(response);
  if (!/[?&]watch=true/.test(request.url ?? '')) return;
  watches.set(response, answer);
  response.on('close', () => watches.delete(response));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function refuse(response: ServerResponse): void {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'TooManyRequests',
    code: 429,
  };
  response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '1' });
  response.end(JSON.stringify({ ...status, message: 'the server has received too many requests' }));
}

/** Listens at an address of this machine, by default on loopback; resolves with the URL. */
export async function listen(server: Server, host = LOOPBACK): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}
