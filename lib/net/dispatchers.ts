import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import { lookupGuarded } from './metadataAddresses.js';

/** Proxies that the environment names (`HTTP_PROXY` and so on); the composition root reads them. */
export interface EnvironmentProxies {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  /** Hosts reached directly, separated by commas; `localhost` and the loopback addresses always are. */
  readonly noProxy?: string | undefined;
}

export interface Way {
  readonly insecureSkipVerify: boolean;
  readonly proxy: string | undefined;
  /** Whether a name may lead to where clouds keep credentials. */
  readonly metadataAddresses: boolean;
}

/** As Flagger's dialers: a server that takes longer than this to take a connection is not there. */
const CONNECT_TIMEOUT_MS = 15_000;

/** One pool of kept connections for each way to go, however many requests take it. */
export function createDispatchers(environment: EnvironmentProxies): (way: Way) => Dispatcher {
  const made = new Map<string, Dispatcher>();
  return (way) => {
    const key = `${way.insecureSkipVerify} ${way.metadataAddresses} ${way.proxy ?? ''}`;
    const known = made.get(key) ?? make(way, environment);
    made.set(key, known);
    return known;
  };
}

function make(
  { insecureSkipVerify, proxy, metadataAddresses }: Way,
  environment: EnvironmentProxies,
): Dispatcher {
  const tls = { rejectUnauthorized: !insecureSkipVerify };
  const guard = metadataAddresses ? {} : { lookup: lookupGuarded };
  const connect = { ...tls, ...guard, timeout: CONNECT_TIMEOUT_MS };
  if (proxy) return new ProxyAgent({ uri: proxy, requestTls: connect, proxyTls: connect, allowH2: false });
  if (!environment.httpProxy && !environment.httpsProxy) return new Agent({ connect, allowH2: false });
  return new EnvHttpProxyAgent({
    connect,
    requestTls: connect,
    allowH2: false,
    httpProxy: environment.httpProxy ?? '',
    httpsProxy: environment.httpsProxy ?? environment.httpProxy ?? '',
    noProxy: ['localhost', '127.0.0.1', '::1', environment.noProxy].filter(Boolean).join(','),
  });
}
