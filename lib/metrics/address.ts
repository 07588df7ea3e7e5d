import { PerchError } from '../api/errors.js';

/**
 * Scheme, host and path of an address, without a slash at the end; credentials in it travel as a header, its query not
 * at all. `fallback` stands for an empty address. Throws METRIC_ADDRESS when there is no http or https URL.
 */
export function readAddress(provider: string, address: string, fallback = ''): string {
  const text = address || fallback;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  throw invalidAddress(provider, text);
}

export function invalidAddress(
  provider: string,
  address: string,
  schemes = 'http:// or https://',
): PerchError {
  return new PerchError({
    code: 'METRIC_ADDRESS',
    message: `${provider} address ${withoutCredentials(address)} is not a valid URL: expected ${schemes} and a host`,
    remedy: `write the address with its scheme, e.g. ${examples[provider] ?? `https://${provider}.example.com`}`,
    path: 'spec.provider.address',
  });
}

const examples: Readonly<Record<string, string>> = {
  prometheus: 'http://prometheus.monitoring:9090',
  graphite: 'http://graphite.monitoring:8080',
  influxdb: 'http://influxdb.monitoring:8086',
  dynatrace: 'https://<environment>.live.dynatrace.com',
  externalmetrics: 'https://kubernetes.example.com:6443',
  splunk: 'https://api.us1.signalfx.com',
};

function withoutCredentials(address: string): string {
  return address.replace(/\/\/.*@/s, '//***@');
}
