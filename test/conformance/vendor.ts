import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp } from '../../lib/net/http.js';
import type { Http, HttpRequest, HttpResponse } from '../../lib/ports/http.js';

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

/** What a server does with a request: answers, or keeps it waiting for ever. */
export type Behaviour = (request: Received) => Reply | 'hang';

/** A vendor's server on this machine: keeps what it is sent and answers as it is told. */
export class Vendor {
  readonly received: Received[] = [];
  private constructor(private readonly server: Server) {}

  static async start(behave: Behaviour): Promise<Vendor> {
    const server = createServer();
    const vendor = new Vendor(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body: Buffer.concat(chunks).toString() };
        vendor.received.push(received);
        const reply = behave(received);
        if (reply !== 'hang') response.writeHead(reply.status ?? 200).end(reply.body);
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

/** The real network, with less patience, and what it was asked beyond HTTP; proxies are noted and not used. */
export class TestHttp implements Http {
  readonly proxies: (string | undefined)[] = [];
  readonly unverified: boolean[] = [];
  readonly timeoutsMs: number[] = [];
  private readonly network = createHttp();

  constructor(private readonly patienceMs = 5000) {}

  request({ proxy, ...request }: HttpRequest): Promise<HttpResponse> {
    this.proxies.push(proxy);
    this.unverified.push(request.insecureSkipVerify ?? false);
    this.timeoutsMs.push(request.timeoutMs);
    return this.network.request({ ...request, timeoutMs: Math.min(request.timeoutMs, this.patienceMs) });
  }
}
