import { PerchError } from '../../api/errors.js';

/** Path, with its query, of the metric that `[<namespace>/]<metric>[?labelSelector=…]` names; the namespace is `default` unless given. */
export function metricPath(text: string): string {
  const query = text.trim();
  const [, names = '', parameters = ''] = /^([^?]*)\??(.*)$/s.exec(query) ?? [];
  const parts = names.split('/');
  const metric = parts.at(-1);
  if (parts.length > 2 || !metric || /\s/.test(names)) throw malformed(query);
  const namespace = (parts.length === 2 && parts[0]) || 'default';
  const selector = new URLSearchParams(parameters).get('labelSelector');
  const path = `/apis/external.metrics.k8s.io/v1beta1/namespaces/${encode(namespace)}/${encode(metric)}`;
  return selector ? `${path}?labelSelector=${encodeURIComponent(selector)}` : path;
}

/** A part of a path, which may be written with percent escapes already. */
function encode(part: string): string {
  const written = new URL(`http://metrics/${part}`).pathname.slice(1);
  return written || encodeURIComponent(part);
}

function malformed(query: string): PerchError {
  return new PerchError({
    code: 'METRIC_QUERY',
    message: `error parsing metric query: expected <namespace>/<metric>?labelSelector=<URL-encoded selector>, given ${query || 'nothing'}`,
    remedy: 'name the metric, before it its namespace unless that is default',
    path: 'spec.query',
  });
}
