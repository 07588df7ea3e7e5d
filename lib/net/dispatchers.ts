import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import { type EnvironmentProxies, proxyFor } from '../ports/environmentProxy.js';
import { lookupGuarded } from './metadataAddresses.js';

export interface Way {
  readonly insecureSkipVerify: boolean;
  readonly proxy: string | undefined;
  /** Whether a name may lead to where clouds keep credentials. */
  readonly metadataAddresses: boolean;
}

/** As Flagger's dialers: a server that takes longer than this to take a connection is not there. */
const CONNECT_TIMEOUT_MS = 15_000;

/** One pool of kept connections for each way to go, however many requests take it. */
export function createDispatchers(environment: EnvironmentProxies): (way: Way, to: URL) => Dispatcher {
  const made = new Map<string, Dispatcher>();
  return (way, to) => {
    const proxy = way.proxy ?? proxyFor(to, environment);
    const key = `${way.insecureSkipVerify} ${way.metadataAddresses} ${proxy ?? ''}`;
    const known = made.get(key) ?? make({ ...way, proxy });
    made.set(key, known);
    return known;
  };
}

function make({ insecureSkipVerify, proxy, metadataAddresses }: Way): Dispatcher {
  const tls = { rejectUnauthorized: !insecureSkipVerify };
  const guard = metadataAddresses ? {} : { lookup: lookupGuarded };
  const connect = { ...tls, ...guard, timeout: CONNECT_TIMEOUT_MS };
  if (!proxy) return new Agent({ connect, allowH2: false });
  return new ProxyAgent({ uri: proxy, requestTls: connect, proxyTls: connect, allowH2: false });
}
