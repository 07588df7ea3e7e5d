import type { CanarySpec } from '../canary.js';
import { drivesRoute, strategyOf } from '../defaults.js';
import { unheededConditions } from '../matching.js';
import { capabilitiesOf, type RouterName, routerName, routerNames } from '../providers.js';
import { type Finding, mistake, warning } from './problem.js';

/** What a policy asks of its provider's router in vain. Of a canary that leaves the provider to the controller, nothing. */
export function routerFindings(spec: CanarySpec): Finding[] {
  const provider = spec.provider && routerName(routerNames, spec.provider);
  if (!provider || drivesRoute(spec)) return [];
  return [...abilities(spec, provider), ...conditions(spec, provider)];
}

function abilities({ analysis, ...spec }: CanarySpec, provider: RouterName): Finding[] {
  const { abTest, mirror, sessionAffinity } = capabilitiesOf(provider);
  const asked: readonly [string, boolean, string][] = [
    [
      'match',
      strategyOf({ ...spec, analysis }) === 'ab-testing' && !abTest,
      'so that it is a blue/green release',
    ],
    ['mirror', analysis.mirror === true && !mirror, 'so that nothing is copied'],
    ['sessionAffinity', analysis.sessionAffinity !== undefined && !sessionAffinity, 'so that chance decides'],
  ];
  return asked
    .filter(([, inVain]) => inVain)
    .map(([field, , consequence]) =>
      mistake(
        `spec.analysis.${field}`,
        `expected none with provider ${provider}, which knows nothing of the kind, got one, ${consequence}`,
        'Remove it, or set provider to gatewayapi:v1 or istio.',
      ),
    );
}

function conditions(spec: CanarySpec, provider: RouterName): Finding[] {
  if (strategyOf(spec) !== 'ab-testing') return [];
  return unheededConditions(provider, spec).map(({ index, conditions: unheeded, whole, known }) => {
    const path = `spec.analysis.match[${index}]`;
    const expected = `expected ${known.join(' or ')}, as provider ${provider} looks at nothing else, got ${unheeded.join(' and ')}`;
    const remedy = `Choose requests by ${known.join(' or ')}.`;
    return whole
      ? mistake(path, expected, remedy)
      : warning(path, `${expected}, and so requests are chosen by the rest`, remedy);
  });
}
