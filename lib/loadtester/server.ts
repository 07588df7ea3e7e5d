import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PerchError } from '../api/errors.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Answer } from './answer.js';
import { readBody } from './body.js';
import { createGates } from './gates.js';
import { createLedger } from './load/ledger.js';
import { createTaskMetrics } from './metrics.js';
import { type LoadTesterOptions, namespacePattern } from './options.js';
import { defaultPrograms } from './programs.js';
import { createRoutes } from './routes.js';
import { createRunner } from './runner.js';

/** Time that commands which somebody waits for get to end, as with Flagger. */
const GRACE_MS = 60_000;
/** Tasks at the same time. */
export const DEFAULT_CONCURRENCY = 50;
/** For a request to arrive; a blocking task's answer takes as long as it takes. */
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 1_000;

export interface LoadTester {
  /** Resolves with the port in use; 0 chooses a free one. */
  listen(port: number): Promise<number>;
  /** Prometheus' text format. */
  metrics(): Promise<string>;
  /** Takes no more requests, kills background commands, and gives those that are waited for a minute to end. */
  close(): Promise<void>;
}

/** Serves Flagger's load tester API: tasks of the types cmd and bash, gates and rollback switches. */
export function createLoadTester(options: LoadTesterOptions, ports: { log: Log; clock: Clock }): LoadTester {
  const { admit, programs = defaultPrograms, concurrency = DEFAULT_CONCURRENCY } = options;
  const namespaces = namespacePattern(options.namespaceRegexp);
  const metrics = createTaskMetrics();
  const runner = createRunner({ timeoutMs: options.timeoutMs, concurrency }, { ...ports, metrics });
  const answering = createRoutes({
    ...{ gates: createGates(), runner, metrics, ledger: createLedger(), log: ports.log },
    ...{ namespaces, admit, programs },
  });
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      ports.log.log('error', `request failed: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: '' });
    });
  });
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  server.maxConnections = MAX_CONNECTIONS;

  let closing = false;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = (request.url ?? '/').split('?', 1);
    const answered = await answering({
      path: path ?? '/',
      body: () => readBody(request),
      authorization: request.headers.authorization,
    });
    // else what is left of a body that nobody reads would be taken, and the last client's idle connection hold the end up
    if (closing || !request.complete) response.shouldKeepAlive = false;
    send(response, answered);
  }
  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', (cause) => reject(cannotListen(port, cause)));
        server.listen(port, () => resolve((server.address() as AddressInfo).port));
      }),
    metrics: () => metrics.text(),
    async close() {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      runner.killStarted();
      const grace = ports.clock.timer(GRACE_MS, () => void runner.close());
      await closed;
      grace.cancel();
      await runner.close();
    },
  };
}

function cannotListen(port: number, cause: Error): PerchError {
  return new PerchError({
    code: 'LOADTESTER_LISTEN',
    message: `cannot listen on port ${port}: ${cause.message}`,
    remedy: 'Choose a free port above 1023 with -port, or stop what is using this one.',
    path: '-port',
    cause,
  });
}

function send(response: ServerResponse, { status, body, contentType }: Answer): void {
  response.writeHead(status, { 'Content-Type': contentType ?? 'text/plain; charset=utf-8' });
  response.end(body);
}
