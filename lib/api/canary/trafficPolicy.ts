import * as z from 'zod';
import { integer, strings } from '../schema/fields.js';

/*
 * What of Istio's traffic policy Flagger's CRD lets through to the generated DestinationRules; TCP pools and
 * settings by port are pruned there, and so they are not named here.
 */

const int32 = () => integer({ format: 'int32' }).optional();

const connectionPool = z.object({
  http: z
    .object({
      h2UpgradePolicy: z.enum(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']).optional(),
      http1MaxPendingRequests: int32().describe('Most requests that wait for a connection.'),
      http2MaxRequests: int32().describe('Most requests under way.'),
      idleTimeout: z.string().optional().describe('How long an idle connection stays open, a duration.'),
      maxRequestsPerConnection: int32().describe('Requests before a connection is closed.'),
      maxRetries: int32().describe('Most retries under way.'),
    })
    .optional(),
});

const consistentHash = z.object({
  httpCookie: z
    .object({ name: z.string().optional(), path: z.string().optional(), ttl: z.string().optional() })
    .optional()
    .describe('Hash of a cookie.'),
  httpHeaderName: z.string().optional().describe('Hash of a header.'),
  httpQueryParameterName: z.string().optional().describe('Hash of a query parameter.'),
  useSourceIp: z.boolean().optional().describe("Hash of the sender's address."),
  minimumRingSize: integer().optional().describe('Fewest virtual nodes in the ring.'),
});

const localityLbSetting = z.object({
  enabled: z.boolean().optional(),
  distribute: z
    .array(z.object({ from: z.string().optional(), to: z.record(z.string(), integer()).optional() }))
    .optional(),
  failover: z.array(z.object({ from: z.string().optional(), to: z.string().optional() })).optional(),
});

const hashKeys = ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'] as const;

const loadBalancer = z
  .object({
    simple: z
      .enum(['ROUND_ROBIN', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'LEAST_REQUEST'])
      .optional()
      .describe('An algorithm by name.'),
    consistentHash: consistentHash.optional().describe('Session stickiness by a hash.'),
    localityLbSetting: localityLbSetting.optional().describe('Preferences among localities.'),
    warmupDurationSecs: z.string().optional().describe('How long a new endpoint is warmed up, a duration.'),
  })
  .refine(
    ({ simple, consistentHash: hash }) => {
      const keys = hash ? hashKeys.filter((key) => hash[key] !== undefined).length : 0;
      return (simple !== undefined) !== (keys === 1);
    },
    { error: `exactly one of simple and consistentHash, the latter with one of ${hashKeys.join(', ')}` },
  )
  .meta({
    oneOf: [
      { required: ['simple'] },
      {
        properties: { consistentHash: { oneOf: hashKeys.map((key) => ({ required: [key] })) } },
        required: ['consistentHash'],
      },
    ],
  });

const outlierDetection = z.object({
  baseEjectionTime: z.string().optional().describe('Shortest ejection, a duration.'),
  consecutive5xxErrors: integer().optional().describe('Responses of 5xx before ejection.'),
  consecutiveErrors: int32().describe('Errors before ejection, the older form.'),
  consecutiveGatewayErrors: integer().optional().describe('Gateway errors before ejection.'),
  consecutiveLocalOriginFailures: integer().optional().describe('Local failures before ejection.'),
  interval: z.string().optional().describe('Time between sweeps, a duration.'),
  maxEjectionPercent: int32().describe('Most hosts that may be ejected, in percent.'),
  minHealthPercent: int32().describe('Detection is on while so many hosts are healthy, in percent.'),
  splitExternalLocalOriginErrors: z.boolean().optional().describe('Local failures are counted apart.'),
});

const tls = z.object({
  mode: z.enum(['DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL']).optional(),
  clientCertificate: z.string().optional().describe('Path of the client certificate.'),
  privateKey: z.string().optional().describe("Path of the client's private key."),
  caCertificates: z.string().optional().describe('Path of the authorities to trust.'),
  sni: z.string().optional().describe('Server name to present.'),
  subjectAltNames: strings().optional().describe('Names the server may have.'),
});

export const trafficPolicy = z
  .object({
    connectionPool: connectionPool.optional().describe('Limits of connections.'),
    loadBalancer: loadBalancer.optional().describe('How endpoints are chosen.'),
    outlierDetection: outlierDetection.optional().describe('When an endpoint is left out.'),
    tls: tls.optional().describe('TLS towards the service.'),
  })
  .describe('Settings of the generated Istio DestinationRules.');

export type TrafficPolicy = z.infer<typeof trafficPolicy>;
