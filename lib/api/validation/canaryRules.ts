import type { Canary, CanarySpec } from '../canary.js';
import { apexName, drivesRoute, isKnative } from '../defaults.js';
import { analysisFindings } from './analysisRules.js';
import { atLeast, duration, httpAddress, ordered } from './bounds.js';
import { type Finding, mistake, refusal } from './problem.js';

/** What is wrong with a canary though each of its fields is valid. */
export function canaryFindings({ spec }: Canary): Finding[] {
  return [
    ...knative(spec),
    ...reference(spec),
    ...service(spec),
    ...names(spec),
    ...atLeast('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 1),
    ...httpAddress('spec.metricsServer', spec.metricsServer || undefined),
    ...ordered('spec.autoscalerRef.primaryScalerReplicas', replicas(spec), {
      min: 'minReplicas',
      max: 'maxReplicas',
    }),
    ...analysisFindings(spec),
  ];
}

function replicas({ autoscalerRef }: CanarySpec): { min?: number; max?: number } {
  const { minReplicas: min, maxReplicas: max } = autoscalerRef?.primaryScalerReplicas ?? {};
  return { min, max };
}

function knative({ provider, targetRef, autoscalerRef }: CanarySpec): Finding[] {
  const served = isKnative(targetRef);
  const findings: Finding[] = [];
  if (served !== (provider === 'knative')) {
    findings.push(
      refusal(
        'spec.provider',
        `expected "knative" if and only if the target is a serving.knative.dev/v1 Service, got ${JSON.stringify(provider) ?? 'nothing'} and ${targetRef.apiVersion} ${targetRef.kind}`,
        served ? 'Set provider to knative.' : 'Choose another provider, or a Knative target.',
      ),
    );
  }
  if (served && autoscalerRef) {
    const remedy = 'Remove autoscalerRef.';
    findings.push(
      refusal('spec.autoscalerRef', 'expected none, as Knative scales by itself, got one', remedy),
    );
  }
  return findings;
}

/** By provider, the field that it splits traffic through. */
const needed = { nginx: 'ingressRef', skipper: 'ingressRef', apisix: 'routeRef' } as const;

function reference(spec: CanarySpec): Finding[] {
  const { provider = '' } = spec;
  const mismatch = routeKind(spec);
  if (mismatch.length > 0) return mismatch;
  if (provider.startsWith('gatewayapi:') && !drivesRoute(spec) && !spec.service?.gatewayRefs?.length) {
    const message = `expected at least one Gateway for the provider ${provider}, got none`;
    return [mistake('spec.service.gatewayRefs', message, 'List the Gateways that the routes attach to.')];
  }
  const field = Object.hasOwn(needed, provider) ? needed[provider as keyof typeof needed] : undefined;
  if (!field || spec[field]) return [];
  const kind = field === 'ingressRef' ? 'Ingress' : 'ApisixRoute';
  const remedy = `Set spec.${field} to the ${kind} that clients come through.`;
  return [mistake(`spec.${field}`, `expected the ${kind} for the provider ${provider}, got nothing`, remedy)];
}

/** An ApisixRoute is for APISIX; every other route is for Gateway API, and only shares of traffic can be set in it. */
function routeKind({ provider, routeRef, analysis }: CanarySpec): Finding[] {
  if (!routeRef) return [];
  const byReference = drivesRoute({ routeRef });
  if (byReference && provider === 'apisix') {
    const message = `expected an ApisixRoute for the provider apisix, got ${routeRef.kind}`;
    return [refusal('spec.routeRef.kind', message, 'Name an ApisixRoute, or set provider to gatewayapi:v1.')];
  }
  if (!byReference) return [];
  const field = (['match', 'mirror', 'sessionAffinity'] as const).find((name) => analysis[name]);
  if (!field) return [];
  const message = `expected none with a ${routeRef.kind} of your own, of which only the weights are changed, got one`;
  return [
    mistake(`spec.analysis.${field}`, message, 'Remove it, or let the route be generated: remove routeRef.'),
  ];
}

function service(spec: CanarySpec): Finding[] {
  const { service: given } = spec;
  if (!given) {
    if (isKnative(spec.targetRef)) return [];
    const message = 'expected the port of the Services to generate, got nothing';
    return [mistake('spec.service', message, 'Set spec.service.port.')];
  }
  return [
    ...portNumber('spec.service.port', given.port),
    ...(typeof given.targetPort === 'number' && given.targetPort !== 0
      ? portNumber('spec.service.targetPort', given.targetPort)
      : []),
    ...duration('spec.service.timeout', given.timeout, 'the router refuses it'),
    ...duration('spec.service.backendTimeout', given.backendTimeout, 'the router refuses it'),
  ];
}

function portNumber(path: string, value: number): Finding[] {
  if (value >= 1 && value <= 65535) return [];
  return [mistake(path, `expected a port from 1 to 65535, got ${value}`, 'Choose a port from 1 to 65535.')];
}

const serviceName = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const longestName = 63 - '-primary'.length;

function names(spec: CanarySpec): Finding[] {
  const name = apexName(spec);
  const path = spec.service?.name ? 'spec.service.name' : 'spec.targetRef.name';
  if (name.length > longestName) {
    const message = `expected at most ${longestName} characters, as ${name}-primary names a Service, got ${name.length}`;
    return [mistake(path, message, 'Set spec.service.name to a shorter name.')];
  }
  if (serviceName.test(name)) return [];
  const message = `expected the name of a Service (lower-case letters, digits and dashes, a letter first), got ${JSON.stringify(name)}`;
  return [mistake(path, message, 'Set spec.service.name to a name that a Service can have.')];
}
