import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { PerchError } from '../api/errors.js';

/*
 * Where clouds give a machine its credentials. Nobody serves metrics or takes hooks there, but whoever may write a
 * Canary may name an address: the controller would fetch the node's credentials and show them in an event.
 */
const refused = new BlockList();
refused.addSubnet('169.254.0.0', 16, 'ipv4');
refused.addSubnet('fe80::', 10, 'ipv6');
// the same by way of NAT64; addresses of IPv4 written as IPv6 (::ffff:…) are looked up as IPv4
refused.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
// those of AWS by IPv6, of Alibaba and of Azure, which are not link-local
refused.addAddress('fd00:ec2::254', 'ipv6');
refused.addAddress('100.100.100.200', 'ipv4');
refused.addAddress('168.63.129.16', 'ipv4');

function isRefused(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Throws NET_METADATA_ADDRESS when the URL's host is such an address itself; names are looked at when they are looked up. */
export function checkHost({ host, hostname }: URL): void {
  if (isRefused(hostname.replace(/^\[|\]$/g, ''))) throw refusal(host);
}

/** Looks a name up as Node does, and fails when it leads to such an address. */
export const lookupGuarded: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, found: string | LookupAddress[], family?: number) => {
    const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
    if (!error && addresses.some(isRefused)) callback(refusal(hostname), [], 0);
    else callback(error, found, family);
  });
};

function refusal(host: string): PerchError {
  return new PerchError({
    code: 'NET_METADATA_ADDRESS',
    message: `${host}: expected an address that serves requests, got a link-local one, where clouds keep credentials`,
    remedy: 'name another address, or start the controller with -allow-metadata-addresses',
    path: host,
  });
}
