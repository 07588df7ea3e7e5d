/*
 * Success rate and duration as MetricTemplates: where the built-in duration is a mean, and for a Prometheus whose scrape
 * job does not keep the labels that a target exports, where the built-in queries find nothing. Those for the latter ask for
 * both spellings; the one that exists answers.
 */

export interface PortableQueries {
  /** Percent of requests not answered with 5xx. */
  readonly successRate: string;
  /** Milliseconds, the 99th percentile. */
  readonly duration: string;
  /** Milliseconds: what Flagger's built-in metric is with this provider, for most the 99th percentile too. */
  readonly mean: string;
}

/** What Skipper's series are named after, in words of its own. */
export interface RouteNames {
  readonly namespace: string;
  readonly service: string;
  readonly ingress: string;
}

/** Percent of all that are good; 0 where none is, as a series that was never counted has no value. */
export function percentage(good: string, all: string): string {
  return `(${good} or ${all} * 0) / ${all} * 100`;
}

const percentile = (bucket: string, series: string): string =>
  `histogram_quantile(0.99, sum(rate(${bucket}{${series}}[{{ interval }}])) by (le)) * 1000`;

const nginx = (namespaceLabel: string): PortableQueries => {
  const series = `${namespaceLabel}="{{ namespace }}",ingress="{{ ingress }}",canary!=""`;
  const rate = (metric: string, more = '') =>
    `sum(rate(nginx_ingress_controller_${metric}{${series}${more}}[{{ interval }}]))`;
  return {
    successRate: percentage(rate('requests', ',status!~"5.*"'), rate('requests')),
    duration: percentile('nginx_ingress_controller_response_duration_seconds_bucket', series),
    mean: `${rate('response_duration_seconds_sum')} / ${rate('response_duration_seconds_count')} * 1000`,
  };
};

const pods = (namespaceLabel: string, podLabel: string): PortableQueries => {
  const series = `${namespaceLabel}="{{ namespace }}",${podLabel}=~"{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)"`;
  const rate = (suffix: string, more = '') =>
    `rate(http_request_duration_seconds_${suffix}{${series}${more}}[{{ interval }}])`;
  const duration = percentile('http_request_duration_seconds_bucket', series);
  return {
    successRate: percentage(`sum(${rate('count', ',status!~"5.*"')})`, `sum(${rate('count')})`),
    duration,
    mean: duration,
  };
};

/** Skipper writes every other character of a name as `_`, which no query could say by itself. */
const skipper = ({ namespace, service, ingress }: RouteNames): PortableQueries => {
  const [space, entry, to] = [namespace, ingress, service].map((name) => name.replace(/\W/g, '_'));
  const series = `route=~"kube(ew)?_${space}__${entry}_canary__.*__${to}_canary(_[0-9]+)?"`;
  const rate = (metric: string, more = '') =>
    `sum(rate(skipper_${metric}{${series}${more}}[{{ interval }}]))`;
  const answers = 'response_duration_seconds_bucket';
  return {
    successRate: percentage(rate(answers, ',code!~"5..",le="+Inf"'), rate(answers, ',le="+Inf"')),
    duration: percentile('skipper_serve_route_duration_seconds_bucket', series),
    mean: `${rate('serve_route_duration_seconds_sum')} / ${rate('serve_route_duration_seconds_count')} * 1000`,
  };
};

function either(one: PortableQueries, other: PortableQueries): PortableQueries {
  return {
    successRate: `(${one.successRate})\nor\n(${other.successRate})\n`,
    duration: `(${one.duration})\nor\n(${other.duration})\n`,
    mean: `(${one.mean})\nor\n(${other.mean})\n`,
  };
}

const queries = {
  nginx: either(nginx('exported_namespace'), nginx('namespace')),
  honoredNginx: nginx('namespace'),
  pods: either(pods('namespace', 'pod'), pods('kubernetes_namespace', 'kubernetes_pod_name')),
};

/** ingress-nginx and Skipper count for themselves; with every other router the pods do. */
export function portableQueries(provider: string, honorLabels: boolean, names: RouteNames): PortableQueries {
  if (provider === 'skipper') return skipper(names);
  if (provider === 'nginx') return honorLabels ? queries.honoredNginx : queries.nginx;
  return queries.pods;
}
