import { createServer, type ServerResponse } from 'node:http';
import { PerchError } from '../api/errors.js';

export interface ServerContent {
  /** Prometheus text. */
  metrics(): Promise<string>;
  healthy(): boolean;
}

export interface MetricsServer {
  /** The port in use. */
  readonly port: number;
  /** Lets requests under way finish for at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * /healthz and /metrics and nothing else, with Flagger's limits: 5 s to read a request, 1 min to answer, 15 s of
 * idleness. `flag` is what the port was given by.
 */
export async function startMetricsServer(
  port: number,
  content: ServerContent,
  flag = '-port',
): Promise<MetricsServer> {
  const server = createServer(
    { requestTimeout: 5_000, headersTimeout: 5_000, keepAliveTimeout: 15_000 },
    (request, response) => {
      const path = request.url?.split('?')[0];
      if (path === '/healthz') return answerHealth(response, content.healthy());
      if (path === '/metrics') return answerMetrics(response, content.metrics());
      return response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
    },
  );
  server.setTimeout(60_000);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(port, flag, error)));
    server.listen(port, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(cut);
    },
  };
}

function answerHealth(response: ServerResponse, healthy: boolean): void {
  response
    .writeHead(healthy ? 200 : 503, { 'content-type': 'text/plain' })
    .end(healthy ? 'OK' : 'not healthy');
}

function answerMetrics(response: ServerResponse, metrics: Promise<string>): void {
  metrics.then(
    (text) =>
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
    (error: unknown) => response.writeHead(500, { 'content-type': 'text/plain' }).end(`${String(error)}\n`),
  );
}

function portError(port: number, flag: string, cause: Error): PerchError {
  return new PerchError({
    code: 'CLI_PORT',
    message: `cannot serve on port ${port}: ${cause.message}`,
    remedy: `name a free port with ${flag}`,
    path: flag,
    cause,
  });
}
