import { BlockList, isIP } from 'node:net';

/** Proxies that the environment names (`HTTP_PROXY` and so on); the composition root reads them. */
export interface EnvironmentProxies {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  /** Hosts, domains, addresses and subnets reached directly, separated by commas; this machine always is. */
  readonly noProxy?: string | undefined;
}

/** As Go's clients: in capitals first. */
export function environmentProxies(env: Readonly<Record<string, string | undefined>>): EnvironmentProxies {
  return {
    httpProxy: env.HTTP_PROXY || env.http_proxy,
    httpsProxy: env.HTTPS_PROXY || env.https_proxy,
    noProxy: env.NO_PROXY || env.no_proxy,
  };
}

/** The proxy by which `url` is reached, as Go's clients choose it; undefined: directly. */
export function proxyFor(
  { protocol, hostname, port }: URL,
  { httpProxy, httpsProxy, noProxy = '' }: EnvironmentProxies,
): string | undefined {
  const proxy = protocol === 'https:' ? httpsProxy : httpProxy;
  if (!proxy) return undefined;
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const at = port || (protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || contains('127.0.0.0/8', host) || host === '::1') return undefined;
  const entries = noProxy.toLowerCase().split(',');
  if (entries.some((entry) => covers(entry.trim(), host, at))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return contains(entry, host);
  // a port stands behind a name, an IPv4 address, or an IPv6 address in brackets
  const [, bracketed, name, only] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(entry) ?? [];
  if (only && only !== port) return false;
  const given = bracketed || name || entry;
  if (!given || isIP(given)) return given === host;
  const domain = given.replace(/^\*(?=\.)/, '');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function contains(subnet: string, address: string): boolean {
  const [network = '', bits = ''] = subnet.split('/');
  const family = isIP(network);
  if (!family || family !== isIP(address) || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, Number(bits), type);
  return list.check(address, type);
}
