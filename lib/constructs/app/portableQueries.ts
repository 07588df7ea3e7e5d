/*
 * Success rate and duration for a Prometheus whose scrape job does not keep the labels that a target exports, where
 * the built-in queries find nothing. Each asks for both spellings; the one that exists answers.
 */

export interface PortableQueries {
  /** Percent of requests not answered with 5xx. */
  readonly successRate: string;
  /** Milliseconds: ingress-nginx's mean, or the pods' 99th percentile, as the built-in metric has it. */
  readonly duration: string;
}

/** Percent of all that are good; 0 where none is, as a series that was never counted has no value. */
export function percentage(good: string, all: string): string {
  return `(${good} or ${all} * 0) / ${all} * 100`;
}

const nginx = (namespaceLabel: string): PortableQueries => {
  const series = `${namespaceLabel}="{{ namespace }}",ingress="{{ ingress }}",canary!=""`;
  const rate = (metric: string, more = '') =>
    `sum(rate(nginx_ingress_controller_${metric}{${series}${more}}[{{ interval }}]))`;
  return {
    successRate: percentage(rate('requests', ',status!~"5.*"'), rate('requests')),
    duration: `${rate('response_duration_seconds_sum')} / ${rate('response_duration_seconds_count')} * 1000`,
  };
};

const pods = (namespaceLabel: string, podLabel: string): PortableQueries => {
  const series = `${namespaceLabel}="{{ namespace }}",${podLabel}=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"`;
  const rate = (suffix: string, more = '') =>
    `rate(http_request_duration_seconds_${suffix}{${series}${more}}[{{ interval }}])`;
  return {
    successRate: percentage(`sum(${rate('count', ',status!~"5.*"')})`, `sum(${rate('count')})`),
    duration: `histogram_quantile(0.99, sum(${rate('bucket')}) by (le)) * 1000`,
  };
};

function either(one: PortableQueries, other: PortableQueries): PortableQueries {
  return {
    successRate: `(${one.successRate})\nor\n(${other.successRate})\n`,
    duration: `(${one.duration})\nor\n(${other.duration})\n`,
  };
}

const queries = {
  nginx: either(nginx('exported_namespace'), nginx('namespace')),
  pods: either(pods('namespace', 'pod'), pods('kubernetes_namespace', 'kubernetes_pod_name')),
};

/** ingress-nginx counts for itself; with every other router the pods do. */
export function portableQueries(provider: string): PortableQueries {
  return provider === 'nginx' ? queries.nginx : queries.pods;
}
