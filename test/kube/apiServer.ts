import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiVersion, type Kind, type KubeObject } from '../../lib/api/kinds.js';
import { ApiError, type Cluster, type ObjectKey, type WatchEvent } from '../../lib/ports/cluster.js';

/** Answers a request in the server's stead. */
type Fault = (request: IncomingMessage, response: ServerResponse) => void;

interface Received {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  /** Epoch ms. */
  readonly at: number;
}

export interface ApiServer {
  readonly url: string;
  /** `<METHOD> <path and query>` of every request so far. */
  readonly requests: readonly Received[];
  /** The next request is answered by `fault`. */
  failNext(fault: Fault): void;
  /** Ends every open watch, in the middle of an event, as a server does that is killed. */
  cutWatches(): void;
  close(): Promise<void>;
}

export interface ApiServerOptions {
  readonly cluster: Cluster;
  readonly kinds: readonly Kind[];
  /** Objects a page of a list; the client's `limit` when smaller. */
  readonly pageSize?: number;
  /** Watch events are sent in pieces of so many bytes. */
  readonly pieceBytes?: number;
  /** Bearer token without which everything is answered with 401. */
  readonly token?: () => string;
}

interface Target {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

/** Kubernetes' HTTP API in front of any ports.Cluster: verbs, Status objects, watches line by line. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const requests: Received[] = [];
  const faults: Fault[] = [];
  const watches = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers, at: Date.now() });
    const fault = faults.shift();
    if (fault) return fault(request, response);
    if (options.token && request.headers.authorization !== `Bearer ${options.token()}`) {
      return refuse(response, new ApiError(401, 'Unauthorized', 'Unauthorized'));
    }
    answer(options, watches, request, response).catch((error: unknown) => {
      refuse(response, error instanceof ApiError ? error : new ApiError(500, 'InternalError', String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failNext: (fault) => faults.push(fault),
    cutWatches() {
      for (const response of watches) {
        response.write('{"type":"MODIFIED","object":{"meta');
        setImmediate(() => response.destroy());
      }
      watches.clear();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  options: ApiServerOptions,
  watches: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { cluster } = options;
  const url = new URL(request.url ?? '/', 'http://api');
  const target = resolve(options.kinds, url.pathname);
  if (!target) {
    const resources = discovered(options.kinds, url.pathname);
    if (resources.length > 0) return reply(response, 200, { kind: 'APIResourceList', resources });
    const group = options.kinds.filter((kind) => kind.group && url.pathname === `/apis/${kind.group}`);
    const versions = [...new Set(group.map(({ version }) => version))].map((version) => ({ version }));
    if (versions.length > 0) return reply(response, 200, { versions, preferredVersion: versions[0] });
    // As Kubernetes: no Status, but a line of text.
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
    return;
  }
  const { kind, name, namespace, subresource } = target;
  const key: ObjectKey = { namespace, name };
  if (request.method === 'GET') {
    if (name) return reply(response, 200, await cluster.get(kind, key));
    if (url.searchParams.get('watch') === 'true')
      return stream(options, watches, request, response, target, url);
    return reply(response, 200, await page(options, request, target, url));
  }
  if (request.method === 'DELETE') {
    await cluster.delete(kind, key);
    return reply(response, 200, { kind: 'Status', status: 'Success' });
  }
  const body = JSON.parse(await text(request)) as KubeObject;
  if (request.method === 'POST') return reply(response, 201, await cluster.create(kind, body));
  if (request.method === 'PUT') {
    return reply(
      response,
      200,
      await (subresource ? cluster.updateStatus(kind, body) : cluster.update(kind, body)),
    );
  }
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/apply-patch')) {
    const fieldManager = url.searchParams.get('fieldManager') ?? '';
    const force = url.searchParams.get('force') === 'true';
    const dryRun = url.searchParams.get('dryRun') === 'All';
    return reply(response, 200, await cluster.apply(kind, body, { fieldManager, force, dryRun }));
  }
  reply(
    response,
    200,
    await cluster.patch(kind, key, type.startsWith('application/merge') ? 'merge' : 'json', body),
  );
}

async function page(
  { cluster, pageSize }: ApiServerOptions,
  request: IncomingMessage,
  target: Target,
  url: URL,
) {
  const metadataOnly = wantsMetadata(request);
  const { kind, namespace } = target;
  const list = await cluster.list(kind, { namespace, metadataOnly, ...selectedName(url) });
  const from = Number(url.searchParams.get('continue') ?? 0);
  const limit =
    Number(url.searchParams.get('limit') ?? 0) &&
    Math.min(Number(url.searchParams.get('limit')), pageSize ?? 500);
  const to = limit ? from + limit : list.items.length;
  const items = list.items.slice(from, to).map(({ apiVersion: _, kind: __, ...rest }) => rest);
  return {
    kind: metadataOnly ? 'PartialObjectMetadataList' : `${kind.kind}List`,
    metadata: {
      resourceVersion: list.resourceVersion,
      ...(to < list.items.length ? { continue: String(to) } : {}),
    },
    items,
  };
}

async function stream(
  { cluster, pieceBytes }: ApiServerOptions,
  watches: Set<ServerResponse>,
  request: IncomingMessage,
  response: ServerResponse,
  { kind, namespace }: Target,
  url: URL,
): Promise<void> {
  const ended = new AbortController();
  response.on('close', () => {
    watches.delete(response);
    ended.abort();
  });
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  watches.add(response);
  const send = (event: unknown): void => {
    const bytes = Buffer.from(`${JSON.stringify(event)}\n`);
    for (let at = 0; at < bytes.length; at += pieceBytes ?? bytes.length) {
      response.write(bytes.subarray(at, at + (pieceBytes ?? bytes.length)));
    }
  };
  const onEvent = (event: WatchEvent<KubeObject>): void =>
    send(
      event.type === 'BOOKMARK'
        ? {
            type: event.type,
            object: { kind: kind.kind, metadata: { resourceVersion: event.resourceVersion } },
          }
        : event,
    );
  const resourceVersion = url.searchParams.get('resourceVersion') ?? '';
  const metadataOnly = wantsMetadata(request);
  try {
    await cluster.watch(
      kind,
      { namespace, metadataOnly, resourceVersion, signal: ended.signal, ...selectedName(url) },
      onEvent,
    );
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    send({ type: 'ERROR', object: status(error) });
  }
  response.end();
}

function resolve(kinds: readonly Kind[], path: string): Target | undefined {
  for (const kind of kinds) {
    const root = `${kind.group ? '/apis' : '/api'}/${apiVersion(kind)}/`;
    if (!path.startsWith(root)) continue;
    const parts = path.slice(root.length).split('/').map(decodeURIComponent);
    const namespace = parts[0] === 'namespaces' && parts.length > 2 ? (parts.splice(0, 2)[1] ?? '') : '';
    const [plural, name = '', subresource = ''] = parts;
    if (plural === kind.plural) return { kind, namespace, name, subresource };
  }
  return undefined;
}

function discovered(kinds: readonly Kind[], path: string): object[] {
  return kinds
    .filter((kind) => path === `${kind.group ? '/apis' : '/api'}/${apiVersion(kind)}`)
    .flatMap(({ plural, kind, namespaced }) => [
      { name: plural, kind, namespaced },
      { name: `${plural}/status`, kind, namespaced },
    ]);
}

function selectedName({ searchParams }: URL): { name?: string } {
  const name = /^metadata\.name=(.+)$/.exec(searchParams.get('fieldSelector') ?? '')?.[1];
  return name ? { name } : {};
}

function wantsMetadata({ headers }: IncomingMessage): boolean {
  return /as=PartialObjectMetadata(List)?;g=meta\.k8s\.io;v=v1/.test(headers.accept ?? '');
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export function refuse(response: ServerResponse, error: ApiError): void {
  const seconds = error.retryAfterMs === undefined ? undefined : error.retryAfterMs / 1000;
  reply(
    response,
    error.status,
    status(error),
    seconds === undefined ? {} : { 'retry-after': String(seconds) },
  );
}

function status({ status: code, reason, message }: ApiError): unknown {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
}

function reply(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}
