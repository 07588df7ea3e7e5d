import type { AlertProvider } from '../alertProvider.js';
import type { MetricProviderType, MetricTemplate } from '../metricTemplate.js';
import { httpAddress } from './bounds.js';
import { type Finding, mistake, warning } from './problem.js';

/** Providers whose address is one of HTTP, where it is given. */
const overHttp: readonly MetricProviderType[] = [
  'prometheus',
  'influxdb',
  'datadog',
  'externalmetrics',
  'newrelic',
  'graphite',
  'dynatrace',
  'splunk',
];
const skipsVerification: readonly MetricProviderType[] = ['prometheus', 'graphite', 'externalmetrics'];

/** What is wrong with a metric template though each of its fields is valid. */
export function metricTemplateFindings({ spec }: MetricTemplate): Finding[] {
  const { provider, query } = spec;
  const findings = addressFindings(provider.type, provider.address);
  if (query.trim() === '') {
    findings.push(mistake('spec.query', 'expected a query, got an empty one', 'Write the query.'));
  }
  const ignored = (path: string, types: readonly string[]) =>
    warning(
      path,
      `expected only for ${types.join(', ')}, got it for ${provider.type}, which ignores it`,
      'Remove it.',
    );
  if (provider.headers && provider.type !== 'prometheus') {
    findings.push(ignored('spec.provider.headers', ['prometheus']));
  }
  if (provider.insecureSkipVerify && !skipsVerification.includes(provider.type)) {
    findings.push(ignored('spec.provider.insecureSkipVerify', skipsVerification));
  }
  if (provider.region && provider.type !== 'cloudwatch') {
    findings.push(ignored('spec.provider.region', ['cloudwatch']));
  }
  return findings;
}

function addressFindings(type: MetricProviderType, address: string | undefined): Finding[] {
  if (address) return overHttp.includes(type) ? httpAddress('spec.provider.address', address) : [];
  if (type !== 'prometheus') return [];
  const remedy = 'Set it, for example to http://prometheus.monitoring:9090.';
  return [mistake('spec.provider.address', 'expected the address of Prometheus, got nothing', remedy)];
}

/** What is wrong with an alert provider though each of its fields is valid. */
export function alertProviderFindings({ spec }: AlertProvider): Finding[] {
  return [
    ...httpAddress('spec.address', spec.address),
    ...httpAddress('spec.proxy', spec.proxy || undefined),
  ];
}
