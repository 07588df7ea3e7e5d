import { PerchError } from '../../api/errors.js';

export type KeptnQuery = {
  readonly namespace: string;
  readonly name: string;
} & (
  | { readonly kind: 'metric' }
  | {
      readonly kind: 'analysis';
      /** As Keptn writes it, e.g. `1m`. */
      readonly recent: string;
      readonly args: Readonly<Record<string, string>>;
    }
);

const kinds: Readonly<Record<string, KeptnQuery['kind']>> = {
  keptnmetric: 'metric',
  keptnmetrics: 'metric',
  analysis: 'analysis',
  analyses: 'analysis',
};

/** `keptnmetric/<namespace>/<name>` or `analysis/<namespace>/<name>[/<duration>[/<key>=<value>;…]]`, lower-cased as by Flagger. */
export function readQuery(text: string): KeptnQuery {
  const query = text.trim().toLowerCase();
  const [type = '', namespace, name, recent = '1m', given = ''] = query.split('/');
  const kind = kinds[type];
  if (!kind || !namespace || !name) throw malformed(query);
  if (kind === 'metric') return { kind, namespace, name };
  const pairs = given.split(';').map((pair) => pair.split('='));
  const args = Object.fromEntries(pairs.filter((pair) => pair.length === 2));
  return { kind, namespace, name, recent, args };
}

function malformed(query: string): PerchError {
  return new PerchError({
    code: 'METRIC_QUERY',
    message: `unexpected query format: expected <keptnmetric|analysis>/<namespace>/<name>[/<duration>[/<key>=<value>;…]], given ${query || 'nothing'}`,
    remedy: 'write the query so, e.g. keptnmetric/test/response-time or analysis/test/quality/1m',
    path: 'spec.query',
  });
}
