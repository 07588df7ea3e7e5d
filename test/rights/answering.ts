import { createServer } from 'node:http';
import { listen } from '../soak/gate.js';

/** Prometheus, whose every value is 100, and Slack in one. */
export interface AnsweringServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startAnsweringServer(): Promise<AnsweringServer> {
  const server = createServer((request, response) => {
    request.resume();
    if (!request.url?.startsWith('/api/v1/')) return void response.end('ok');
    const result = [{ metric: {}, value: [Date.now() / 1000, '100'] }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  const url = await listen(server);
  return {
    url,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
