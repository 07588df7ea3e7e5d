import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Http } from '../../lib/ports/http.js';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly body: string;
}

/** A vendor's server on this machine: keeps what it is sent and answers as it is told. */
export class Vendor {
  readonly received: Received[] = [];
  private constructor(private readonly server: Server) {}

  static async start(reply: (request: Received) => Reply): Promise<Vendor> {
    const server = createServer();
    const vendor = new Vendor(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body: Buffer.concat(chunks).toString() };
        vendor.received.push(received);
        const { status = 200, body } = reply(received);
        response.writeHead(status).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return vendor;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** The network port over fetch, and what it was asked beyond HTTP. */
export class FetchHttp implements Http {
  readonly proxies: (string | undefined)[] = [];
  readonly unverified: boolean[] = [];

  async request({
    method,
    url,
    headers = {},
    body,
    timeoutMs,
    proxy,
    insecureSkipVerify,
  }: Parameters<Http['request']>[0]) {
    this.proxies.push(proxy);
    this.unverified.push(insecureSkipVerify ?? false);
    const pairs = Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((value): [string, string] => [name, value]),
    );
    const response = await fetch(url, {
      method,
      headers: pairs,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.text(),
    };
  }
}
