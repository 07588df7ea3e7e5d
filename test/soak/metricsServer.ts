import { createServer } from 'node:http';
import { listen } from './gate.js';

/** Answers for every Ingress what `isGood` says of its canary, and counts what it is asked. */
export interface MetricsServer {
  readonly url: string;
  /** Epoch ms of each query for a metric, and how many canaries it was about. */
  readonly queries: readonly { readonly at: number; readonly canaries: number }[];
  /** Away: connections are closed without an answer. */
  setAway(away: boolean): void;
  close(): Promise<void>;
}

export interface MetricsServerOptions {
  readonly isGood: (canary: string) => boolean;
  readonly namespaceOf: (canary: string) => string;
  /** Told of every canary that a query is about. */
  readonly asked?: (canary: string) => void;
  /** An address of this machine. */
  readonly host?: string | undefined;
}

export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const queries: { at: number; canaries: number }[] = [];
  let away = false;
  const server = createServer((request, response) => {
    if (away) return void request.socket.destroy();
    const query = new URL(request.url ?? '/', 'http://metrics').searchParams.get('query') ?? '';
    const series = query === 'vector(1)' ? [sample({}, 1)] : answers(query, options);
    if (query !== 'vector(1)') queries.push({ at: Date.now(), canaries: series.length });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result: series } }));
  });
  const url = await listen(server, options.host);
  return {
    url,
    queries,
    setAway: (value) => {
      away = value;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One value a canary: percent of good answers, or milliseconds. */
function answers(query: string, { isGood, namespaceOf, asked }: MetricsServerOptions) {
  const [, names = ''] = /ingress=~?"([^"]+)"/.exec(query) ?? [];
  const isRate = query.includes('status!~');
  return names.split('|').map((ingress) => {
    asked?.(ingress);
    const value = isGood(ingress) ? (isRate ? 100 : 10) : isRate ? 50 : 9000;
    return sample({ namespace: namespaceOf(ingress), ingress }, value);
  });
}

function sample(metric: Readonly<Record<string, string>>, value: number) {
  return { metric, value: [Date.now() / 1000, String(value)] };
}
