import { createServer } from 'node:http';
import { listen } from '../soak/gate.js';

/** Prometheus, whose every value is 1, Slack, and a gate at /gate that is closed, in one. */
export interface AnsweringServer {
  readonly url: string;
  openGate(): void;
  close(): Promise<void>;
}

export async function startAnsweringServer(): Promise<AnsweringServer> {
  let isOpen = false;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/gate') return void response.writeHead(isOpen ? 200 : 403).end();
    if (!request.url?.startsWith('/api/v1/')) return void response.end('ok');
    const result = [{ metric: {}, value: [Date.now() / 1000, '1'] }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  const url = await listen(server);
  return {
    url,
    openGate() {
      isOpen = true;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
