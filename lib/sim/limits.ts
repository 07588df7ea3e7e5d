import type { Canary, CanaryMetric } from '../api/canary.js';
import type { MetricTemplate } from '../api/metricTemplate.js';
import { routerName, routerNames } from '../api/providers.js';
import { isBuiltin, metricsOf } from '../engine/measure/model.js';
import { queries } from '../metrics/queries.js';
import { knownSeries, unknownSeries } from './prometheus/known.js';
import type { RouterModel } from './routers/model.js';
import { routerModels } from './routers/registry.js';

/** What a canary asks for and the virtual cluster cannot give: a release would end otherwise than on a real one. */
export interface Limit {
  /** Field of the Canary. */
  readonly path: string;
  readonly given: string;
  /** What there is in its place. */
  readonly expected: string;
  readonly remedy: string;
}

export interface Asked {
  readonly canary: Canary;
  readonly templates: readonly MetricTemplate[];
  /** The controller's flags, for a Canary that does not say these itself. */
  readonly meshProvider: string;
  readonly metricsServer: string;
  /** Whether somebody answers at this URL in place of the virtual Prometheus. */
  readonly isAnswered: (url: string) => boolean;
}

const realCluster = 'try this release on a real cluster, or the policy with a routing that is simulated';

/** Why a release of this canary cannot be simulated; undefined when it can. */
export function limitOf(asked: Asked): Limit | undefined {
  return (
    routerLimit(asked) ?? grpcLimit(asked) ?? mirrorLimit(asked) ?? labelsLimit(asked) ?? seriesLimit(asked)
  );
}

function routerLimit({ canary, meshProvider }: Asked): Limit | undefined {
  const given = canary.spec.provider || meshProvider;
  const name = routerName(routerNames, given);
  // the controller refuses a provider that it does not know, here as on a real cluster
  if (name === undefined || routerModels[name]) return undefined;
  const known = routerNames.filter((router) => routerModels[router]);
  const expected = `one of the routers that are simulated, ${known.join(', ')}`;
  return { path: 'spec.provider', given, expected, remedy: realCluster };
}

/** What stands in for a canary's router; undefined where nothing does. */
export function modelOf({
  canary,
  meshProvider,
}: Pick<Asked, 'canary' | 'meshProvider'>): RouterModel | undefined {
  const name = routerName(routerNames, canary.spec.provider || meshProvider);
  return name && routerModels[name];
}

function grpcLimit({ canary: { spec } }: Asked): Limit | undefined {
  const ofReference = spec.routeRef?.kind === 'GRPCRoute';
  if (!ofReference && spec.service?.routeKind !== 'GRPCRoute') return undefined;
  return {
    path: ofReference ? 'spec.routeRef.kind' : 'spec.service.routeKind',
    given: 'GRPCRoute',
    expected: 'HTTPRoute, as all simulated requests are plain HTTP',
    remedy: realCluster,
  };
}

function mirrorLimit({ canary: { spec } }: Asked): Limit | undefined {
  if (!spec.analysis.mirror) return undefined;
  return {
    path: 'spec.analysis.mirror',
    given: 'true',
    expected: 'requests that go to one version each, as copies are not simulated',
    remedy: 'try the policy without mirror, or on a real cluster',
  };
}

function labelsLimit({ canary: { spec } }: Asked): Limit | undefined {
  const index = (spec.analysis.match ?? []).findIndex(({ sourceLabels }) => sourceLabels);
  if (index < 0) return undefined;
  return {
    path: `spec.analysis.match[${index}].sourceLabels`,
    given: JSON.stringify(spec.analysis.match?.[index]?.sourceLabels),
    expected: 'headers or query parameters, as it is not simulated which workload sends a request',
    remedy: 'choose the requests by a header that the workload sends',
  };
}

function seriesLimit(asked: Asked): Limit | undefined {
  const known = knownSeries(modelOf(asked)?.dataPlanes ?? []);
  for (const [index, metric] of (asked.canary.spec.analysis.metrics ?? []).entries()) {
    const unknown = queriesOf(metric, asked).flatMap((query) => unknownSeries(query, known));
    if (unknown.length > 0)
      return {
        path: `spec.analysis.metrics[${index}]`,
        given: `${metric.name}, which asks for ${unknown.join(', ')}`,
        expected: `series that something in the virtual cluster exposes, ${known.join(', ')}`,
        remedy:
          'leave the metric out of what is simulated, or answer in place of Prometheus with hooks.answer',
      };
  }
  return undefined;
}

/** Every query that the virtual Prometheus is asked for a metric. */
function queriesOf({ name, query, templateRef, comparison }: CanaryMetric, asked: Asked): string[] {
  const { canary, meshProvider, isAnswered, metricsServer } = asked;
  const named = [templateRef, comparison?.requests, comparison?.bad].filter(
    (template) => template !== undefined,
  );
  const texts = named.flatMap((template) => templateQuery(template, asked) ?? []);
  if (isAnswered(canary.spec.metricsServer || metricsServer)) return texts;
  const builtin = isBuiltin(name) && queries.builtin(metricsOf(canary, meshProvider), name);
  return [...texts, ...(query ? [query] : []), ...(builtin ? [builtin.query] : [])];
}

function templateQuery(
  { name, namespace }: { readonly name: string; readonly namespace?: string | undefined },
  { canary, templates, isAnswered }: Asked,
): string | undefined {
  const home = namespace || canary.metadata.namespace;
  const found = templates.find(({ metadata }) => metadata.name === name && metadata.namespace === home);
  const { provider, query } = found?.spec ?? {};
  return provider?.type === 'prometheus' && !isAnswered(provider.address ?? '') ? query : undefined;
}
