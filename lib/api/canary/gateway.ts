import * as z from 'zod';
import { port } from '../schema/fields.js';

const group = () =>
  z
    .string()
    .max(253)
    .regex(/^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/);
const kind = () =>
  z
    .string()
    .min(1)
    .max(63)
    .regex(/^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/);
const namespace = () =>
  z
    .string()
    .min(1)
    .max(63)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
const name = () => z.string().min(1).max(253);

/** A Gateway that generated HTTPRoutes attach to. */
export const gatewayRef = z.object({
  group: group()
    .optional()
    .meta({ default: 'gateway.networking.k8s.io', description: 'API group of the parent.' }),
  kind: kind().optional().meta({ default: 'Gateway', description: 'Kind of the parent.' }),
  name: name().describe('Name of the parent.'),
  namespace: namespace().optional().describe("Namespace of the parent; the canary's own when absent."),
  sectionName: z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/)
    .optional()
    .describe('Name of one listener of the Gateway.'),
  port: port().optional().describe('Port of the listeners to attach to.'),
});

interface BackendReference {
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly port?: number | undefined;
}

/** The CEL rule of Flagger's own CRD, and the same for us, before the defaults are filled in. */
export const backendPort = {
  rule: "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
  message: 'Must have port for Service reference',
  holds: ({ group = '', kind: given = 'Service', port: number }: BackendReference) =>
    group !== '' || given !== 'Service' || number !== undefined,
};

const backendRef = z
  .object({
    group: group().optional().meta({ default: '', description: 'API group; empty is the core group.' }),
    kind: kind().optional().meta({ default: 'Service', description: 'Kind of the backend.' }),
    name: name().describe('Name of the backend.'),
    namespace: namespace().optional().describe("Namespace of the backend; the canary's own when absent."),
    port: port().optional().describe('Port of the Service; must be there for a Service.'),
  })
  .refine(backendPort.holds, { error: 'a port, as the reference is to a Service' })
  .meta({
    'x-kubernetes-validations': [{ message: backendPort.message, rule: backendPort.rule }],
  });

/** A filter that copies all requests of the route elsewhere; it has nothing to do with `analysis.mirror`. */
export const requestMirror = z.object({ backendRef: backendRef.optional().describe('Where copies go.') });

export type GatewayRef = z.infer<typeof gatewayRef>;
export type RequestMirror = z.infer<typeof requestMirror>;
