import type { CanarySpec } from '../../canary.js';
import { drivesRoute } from '../../defaults.js';
import type { SpecRule } from './rule.js';

/** What a provider cannot do without: Flagger fails at every tick where it is missing. */
function needed(provider: string, field: 'ingressRef' | 'routeRef', kind: string): SpecRule {
  return {
    path: `spec.${field}`,
    rule: `!has(self.provider) || self.provider != '${provider}' || (has(self.${field}) && self.${field}.name != '')`,
    holds: (spec) => spec.provider !== provider || Boolean(spec[field]?.name),
    expected: `the ${kind} for the provider ${provider}`,
    given: (spec) => (spec[field] ? 'an empty name' : 'nothing'),
    remedy: `Set spec.${field} to the ${kind} that clients come through.`,
  };
}

function gateways({ provider, service, routeRef }: CanarySpec): boolean {
  if (!provider?.startsWith('gatewayapi:') || drivesRoute({ routeRef })) return true;
  return Boolean(service?.gatewayRefs?.length);
}

/** Names that must be there for Flagger to find, or to make, anything. */
export const naming: readonly SpecRule[] = [
  {
    path: 'spec.targetRef.name',
    rule: "self.targetRef.name != ''",
    holds: ({ targetRef }) => targetRef.name !== '',
    expected: 'the name of the workload to release',
    given: () => 'an empty one',
    remedy: 'Set spec.targetRef.name.',
  },
  {
    path: 'spec.autoscalerRef.name',
    rule: "!has(self.autoscalerRef) || self.autoscalerRef.name != ''",
    holds: ({ autoscalerRef }) => autoscalerRef?.name !== '',
    expected: 'the name of the autoscaler',
    given: () => 'an empty one',
    remedy: 'Set spec.autoscalerRef.name, or remove autoscalerRef.',
  },
  needed('nginx', 'ingressRef', 'Ingress'),
  needed('skipper', 'ingressRef', 'Ingress'),
  needed('apisix', 'routeRef', 'ApisixRoute'),
  {
    path: 'spec.routeRef.kind',
    rule: "!has(self.provider) || self.provider != 'apisix' || !has(self.routeRef) || self.routeRef.kind == 'ApisixRoute'",
    holds: ({ provider, routeRef }) => provider !== 'apisix' || !drivesRoute({ routeRef }),
    expected: 'an ApisixRoute for the provider apisix',
    given: ({ routeRef }) => routeRef?.kind ?? 'nothing',
    remedy: 'Name an ApisixRoute, or set provider to gatewayapi:v1.',
  },
  {
    path: 'spec.service.gatewayRefs',
    rule: "!has(self.provider) || !self.provider.startsWith('gatewayapi:') || (has(self.routeRef) && self.routeRef.kind != 'ApisixRoute') || (has(self.service) && has(self.service.gatewayRefs) && size(self.service.gatewayRefs) > 0)",
    holds: gateways,
    expected: 'at least one Gateway for a provider of the Gateway API',
    given: () => 'none',
    remedy: 'List the Gateways that the routes attach to.',
  },
  {
    path: 'spec.service.meshName',
    rule: "!has(self.provider) || self.provider != 'appmesh' || (has(self.service) && has(self.service.meshName) && self.service.meshName != '')",
    holds: ({ provider, service }) => provider !== 'appmesh' || Boolean(service?.meshName),
    expected: 'the name of the mesh for the provider appmesh',
    given: () => 'nothing',
    remedy: 'Set spec.service.meshName, or use appmesh:v1beta2.',
  },
  {
    path: 'spec.service',
    rule: "has(self.service) || self.targetRef.kind == 'Service'",
    holds: ({ service, targetRef }) => service !== undefined || targetRef.kind === 'Service',
    expected: 'the port of the Services to generate',
    given: () => 'nothing',
    remedy: 'Set spec.service.port.',
  },
];
