import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { environmentProxies, proxyFor } from '../ports/environmentProxy.js';
import type { Connection } from './connection.js';

/** Certificates for the connection, headers for the requests. */
export interface Identity {
  readonly tls: {
    ca?: string | Buffer;
    cert?: string | Buffer;
    key?: string | Buffer;
    rejectUnauthorized?: boolean;
    servername?: string;
  };
  readonly headers: Record<string, string | string[]>;
}

/** How long headers are trusted before they are asked for again; as client-go, and as KubeConfig's token files. */
const TRUSTED_MS = 60_000;

/** Sockets are kept for less than the 90 s after which a Go server closes an idle one. */
const KEEP_ALIVE = { keepAliveTimeout: 60_000, keepAliveMaxTimeout: 60_000 };

/**
 * Asks for the identity now and then, or when the last one was `refused`, and connects anew when its certificates have
 * changed: by `proxy`, else by the one that the environment names for this server.
 */
export function connectAs(
  server: string,
  identify: (refused: boolean) => Promise<Identity>,
  proxy = proxyFor(new URL(server), environmentProxies(process.env)),
): Pick<Connection, 'baseUrl' | 'headers' | 'dispatcher' | 'renew' | 'close'> {
  let known: Promise<Identity> | undefined;
  let knownUntil = 0;
  let [refused, asking] = [false, false];
  let dispatcher: Dispatcher | undefined;
  let connectedWith = '';
  const identity = (): Promise<Identity> => {
    if (known && Date.now() < knownUntil) return known;
    knownUntil = Date.now() + TRUSTED_MS;
    asking = true;
    known = identify(refused).finally(() => {
      asking = false;
    });
    known.then(
      () => {
        refused = false;
      },
      () => {
        known = undefined;
      },
    );
    return known;
  };
  return {
    baseUrl: server.replace(/\/+$/, ''),
    headers: async () => (await identity()).headers,
    async dispatcher() {
      const { tls } = await identity();
      const fingerprint = JSON.stringify(tls);
      if (!dispatcher || fingerprint !== connectedWith) {
        // Requests under way end on the old connections; watches on them end with the server's patience.
        void dispatcher?.close();
        dispatcher = connectWith(tls, proxy);
        connectedWith = fingerprint;
      }
      return dispatcher;
    },
    renew() {
      // Of many requests that are refused at once, the first asks for all: a plugin may be a slow program.
      if (asking) return;
      known = undefined;
      refused = true;
    },
    async close() {
      await dispatcher?.destroy();
    },
  };
}

function connectWith(tls: Identity['tls'], proxy: string | undefined): Dispatcher {
  // HTTP/1.1: one slow watch then never holds up a write; keep-alive probes find half-open connections.
  const connect = { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000, timeout: 10_000 };
  if (!proxy) return new Agent({ ...KEEP_ALIVE, allowH2: false, connect });
  return new ProxyAgent({ ...KEEP_ALIVE, allowH2: false, uri: proxy, requestTls: connect });
}
