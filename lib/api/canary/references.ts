import * as z from 'zod';
import { integer, stringMap } from '../schema/fields.js';

function reference<const Kinds extends readonly [string, ...string[]]>(kinds: Kinds) {
  return z.object({
    apiVersion: z.string().describe('API group and version of the object, such as apps/v1.'),
    kind: z.enum(kinds).describe('Kind of the object.'),
    name: z.string().describe("Name of the object, in the canary's namespace."),
  });
}

export const targetRef = reference(['DaemonSet', 'Deployment', 'Service']).describe(
  'The workload to release. serving.knative.dev/v1 Service is a Knative service; any other Service is a core one.',
);

export const autoscalerRef = reference(['HorizontalPodAutoscaler', 'ScaledObject'])
  .extend({
    primaryScalerQueries: stringMap()
      .optional()
      .describe("KEDA only: by trigger name, the query that the primary's scaler uses instead."),
    primaryScalerReplicas: z
      .object({
        minReplicas: integer({ minimum: 1 }).optional().describe('Fewest replicas of the primary.'),
        maxReplicas: integer({ minimum: 1 }).optional().describe('Most replicas of the primary.'),
      })
      .optional()
      .describe("Bounds of the primary's scaler, where they differ from the target's."),
  })
  .describe("The target's autoscaler; the primary gets a copy of it.");

export const ingressRef = reference(['Ingress']).describe(
  'The Ingress whose traffic is split, for nginx and skipper.',
);

export const routeRef = reference(['ApisixRoute', 'HTTPRoute', 'GRPCRoute']).describe(
  'The ApisixRoute whose traffic is split; with a Gateway API provider, the route of which only the weights are changed.',
);

export const upstreamRef = reference(['Upstream'])
  .extend({ namespace: z.string().optional().describe('Namespace of the Upstream.') })
  .describe('The Gloo Upstream whose settings the generated ones take over.');

export type TargetRef = z.infer<typeof targetRef>;
export type AutoscalerRef = z.infer<typeof autoscalerRef>;
export type IngressRef = z.infer<typeof ingressRef>;
export type RouteRef = z.infer<typeof routeRef>;
export type UpstreamRef = z.infer<typeof upstreamRef>;
