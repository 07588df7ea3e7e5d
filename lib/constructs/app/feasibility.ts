import type { IConstruct } from 'constructs';
import { unheededConditions } from '../../api/matching.js';
import { constructError } from '../failure.js';
import type { CanaryPlatform } from '../platform/canaryPlatform.js';
import type { Routing } from '../platform/routing.js';
import { rightsSuffice } from '../platform/routingRoles.js';
import type { Strategy } from './strategy.js';

const remedies = {
  weights: 'use a routing that knows shares of traffic, such as Routing.gatewayApi, or Strategy.blueGreen',
  abTest:
    'use Routing.gatewayApi, istio, ingressNginx, contour, gloo or appMesh, or Strategy.canary; of a route of your own only the weights are changed',
  mirror: 'use Routing.gatewayApi or istio, or drop `mirror`',
  sessionAffinity: 'use Routing.gatewayApi or istio, or drop `sessionAffinity`',
} as const;

const wishes = {
  weights: 'a router that sends shares of the requests',
  abTest: 'a router that chooses requests',
  mirror: 'a router that copies requests',
  sessionAffinity: 'a router that goes by cookies',
} as const;

/** Throws when a strategy asks for what the routing cannot do. */
export function checkStrategy(scope: IConstruct, strategy: Strategy, routing: Routing): void {
  const { needs, kind } = strategy;
  const { capabilities, provider } = routing;
  for (const need of ['weights', 'abTest', 'mirror', 'sessionAffinity'] as const) {
    if (!needs[need] || capabilities[need]) continue;
    throw constructError(scope, {
      code: 'CONSTRUCT_STRATEGY_ROUTING',
      message: `strategy: expected ${wishes[need]} for ${need === 'weights' || need === 'abTest' ? `Strategy.${kind}` : need}, got the provider ${provider}`,
      remedy: remedies[need],
    });
  }
  const { match } = strategy.render(scope, provider);
  const { service } = routing.render({ name: '', namespace: '', servicePort: 80, host: undefined });
  const spec = {
    service: { port: 80, ...service },
    analysis: { interval: '1m', threshold: 1, ...(match && { match }) },
  };
  const [unheeded] = unheededConditions(provider, spec);
  if (!unheeded) return;
  throw constructError(scope, {
    code: 'CONSTRUCT_MATCH_ROUTING',
    message: `strategy: expected match ${unheeded.index} to go by ${unheeded.known.join(' or ')}, which is what the provider ${provider} looks at, got ${unheeded.conditions.join(' and ')}`,
    remedy: `choose the requests by ${unheeded.known.join(' or ')}, or use Routing.istio, which looks at everything`,
  });
}

/** Throws when the platform's controller may not write the objects of a routing. */
export function checkRights(scope: IConstruct, routing: Routing, { routings }: CanaryPlatform): void {
  const granted = routings.map(({ provider }) => provider);
  if (rightsSuffice(granted, routing.provider)) return;
  throw constructError(scope, {
    code: 'CONSTRUCT_ROUTING_RIGHTS',
    message: `routing: expected one of the platform’s (${[...new Set(granted)].join(', ')}), got ${routing.provider}, whose objects its controller has no rights for`,
    remedy: "list it in the platform's furtherRoutings",
  });
}
