import type { Canary, CanarySpec } from '../canary.js';
import { apexName, drivesRoute } from '../defaults.js';
import { analysisFindings } from './analysisRules.js';
import { atLeast, duration, httpAddress, ordered } from './bounds.js';
import { type Finding, mistake } from './problem.js';
import { routerFindings } from './routerRules.js';
import { brokenRules } from './specRules.js';

/** What is wrong with a canary though each of its fields is valid. */
export function canaryFindings({ spec }: Canary): Finding[] {
  const refused = brokenRules(spec);
  const others = mistakesOf(spec).filter(({ path }) => refused.every((refusal) => refusal.path !== path));
  return [...refused, ...others];
}

function mistakesOf(spec: CanarySpec): Finding[] {
  return [
    ...ownRoute(spec),
    ...routerFindings(spec),
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

/** Of a route of the user's only shares of traffic can be set. */
function ownRoute({ routeRef, analysis }: CanarySpec): Finding[] {
  if (!routeRef || !drivesRoute({ routeRef })) return [];
  const field = (['match', 'mirror', 'sessionAffinity'] as const).find((name) => analysis[name]);
  if (!field) return [];
  const message = `expected none with a ${routeRef.kind} of your own, of which only the weights are changed, got one`;
  return [
    mistake(`spec.analysis.${field}`, message, 'Remove it, or let the route be generated: remove routeRef.'),
  ];
}

function service(spec: CanarySpec): Finding[] {
  const { service: given } = spec;
  if (!given) return [];
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
