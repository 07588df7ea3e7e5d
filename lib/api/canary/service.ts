import * as z from 'zod';
import { stringMap, strings, whole } from '../schema/fields.js';
import { gatewayRef, requestMirror } from './gateway.js';
import { corsPolicy, headers, httpMatch, httpRetry, httpRewrite } from './http.js';
import { trafficPolicy } from './trafficPolicy.js';

const serviceMetadata = z.object({
  labels: stringMap().optional().describe('Labels to set.'),
  annotations: stringMap().optional().describe('Annotations to set.'),
});

export const canaryService = z
  .object({
    name: z.string().optional().describe("Name of the apex Service; the target's name when absent."),
    port: whole().describe('Port of the generated Services.'),
    portName: z.string().optional().describe('Name of that port; http when absent.'),
    targetPort: z.union([z.number(), z.string()]).optional().meta({
      'x-kubernetes-int-or-string': true,
      description: 'Container port, number or name; the same as port when absent.',
    }),
    appProtocol: z.string().optional().describe('Application protocol of the port.'),
    trafficDistribution: z
      .enum(['PreferClose', 'PreferSameZone', 'PreferSameNode'])
      .optional()
      .describe('Preference among endpoints, set when the Services are created.'),
    portDiscovery: z.boolean().optional().describe("The pods' other ports get Service ports too."),
    headless: z.boolean().optional().describe('The generated Services have no cluster IP.'),
    timeout: z.string().optional().describe('Time-out of a request, a duration.'),
    backendTimeout: z.string().optional().describe('Gateway API: time-out of one request to the backend.'),
    gateways: strings().optional().describe('Istio gateways; mesh when empty.'),
    gatewayRefs: z.array(gatewayRef).max(32).optional().describe('Gateway API: parents of the HTTPRoutes.'),
    routeKind: z
      .enum(['HTTPRoute', 'GRPCRoute'])
      .optional()
      .describe('Gateway API: what is generated; HTTPRoute when absent.'),
    hosts: strings().optional().describe('Host names of the generated routes.'),
    delegation: z.boolean().optional().describe('Istio: the VirtualService is a delegate, without hosts.'),
    trafficPolicy: trafficPolicy.optional(),
    match: z.array(httpMatch).optional().describe('Requests that the generated routes take.'),
    rewrite: httpRewrite.optional(),
    retries: httpRetry.optional(),
    headers: headers.optional(),
    mirror: z.array(requestMirror).optional().describe('Gateway API: where all requests are copied to.'),
    corsPolicy: corsPolicy.optional(),
    meshName: z.string().optional().describe('App Mesh: name of the mesh.'),
    backends: strings().optional().describe('App Mesh: services that the pods call.'),
    apex: serviceMetadata.optional().describe('Metadata of the apex Service and of the routing object.'),
    primary: serviceMetadata.optional().describe('Metadata of the primary Service.'),
    canary: serviceMetadata.optional().describe('Metadata of the canary Service.'),
    unmanagedMetadata: z
      .object({
        annotations: strings().optional().describe('Annotation keys to leave alone.'),
        labels: strings().optional().describe('Label keys to leave alone.'),
      })
      .optional()
      .describe('Metadata of the generated Services that others own.'),
  })
  .describe('The Services to generate, and how they are reached.');

export type ServiceMetadata = z.infer<typeof serviceMetadata>;
export type CanaryService = z.infer<typeof canaryService>;
