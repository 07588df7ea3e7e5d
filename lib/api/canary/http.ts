import * as z from 'zod';
import { integer, originMatch, stringMap, stringMatch, strings } from '../schema/fields.js';

/*
 * How requests are chosen and changed on the way: the vocabulary of Istio, which the Gateway API router
 * translates as far as it can.
 */

export const httpMatch = z.object({
  name: z.string().optional().describe('Name of the match.'),
  uri: stringMatch().optional().describe('Path of the request.'),
  scheme: stringMatch().optional().describe('Scheme of the URI.'),
  method: stringMatch().optional().describe('HTTP method.'),
  authority: stringMatch().optional().describe('HTTP authority.'),
  headers: z.record(z.string(), stringMatch()).optional().describe('Headers by lower-case name.'),
  withoutHeaders: z.record(z.string(), stringMatch()).optional().describe('Headers that must not match.'),
  queryParams: z.record(z.string(), stringMatch()).optional().describe('Query parameters by name.'),
  port: integer().optional().describe('Port of the host that is addressed.'),
  sourceLabels: stringMap().optional().describe('Labels of the workload that sends.'),
  sourceNamespace: z.string().optional().describe('Namespace of the workload that sends.'),
  gateways: strings().optional().describe('Gateways where the match applies.'),
  ignoreUriCase: z.boolean().optional().describe('The path matches whatever its case.'),
});

export const httpRewrite = z
  .object({
    uri: z.string().optional().describe('New path, or new prefix of the path.'),
    authority: z.string().optional().describe('New Host header.'),
    type: z.string().optional().describe('ReplacePrefixMatch, or else the full path is replaced.'),
  })
  .describe('What requests are rewritten to.');

export const httpRetry = z
  .object({
    attempts: integer({ format: 'int32' }).optional().describe('Retries of a request.'),
    perTryTimeout: z.string().optional().describe('Time-out of one attempt, a duration.'),
    retryOn: z.string().optional().describe('Conditions to retry on, separated by commas.'),
  })
  .describe('Retries of failed requests.');

const headerOperations = z.object({
  add: stringMap().optional().describe('Headers to add to.'),
  set: stringMap().optional().describe('Headers to overwrite.'),
  remove: strings().optional().describe('Headers to drop.'),
});

export const headers = z
  .object({
    request: headerOperations.optional().describe('Before the request is sent on.'),
    response: headerOperations.optional().describe('Before the response is returned.'),
  })
  .describe('Changes to headers.');

export const corsPolicy = z
  .object({
    allowOrigin: strings().optional().describe('Allowed origins, the older form.'),
    allowOrigins: z.array(originMatch()).optional().describe('Allowed origins.'),
    allowMethods: strings().optional().describe('Access-Control-Allow-Methods.'),
    allowHeaders: strings().optional().describe('Access-Control-Allow-Headers.'),
    exposeHeaders: strings().optional().describe('Access-Control-Expose-Headers.'),
    maxAge: z.string().optional().describe('How long a preflight answer is cached, a duration.'),
    allowCredentials: z.boolean().optional().describe('Access-Control-Allow-Credentials.'),
  })
  .describe('Cross-origin resource sharing.');

export type StringMatch = z.infer<ReturnType<typeof stringMatch>>;
export type HttpMatch = z.infer<typeof httpMatch>;
export type HttpRewrite = z.infer<typeof httpRewrite>;
export type HttpRetry = z.infer<typeof httpRetry>;
export type HeaderOperations = z.infer<typeof headerOperations>;
export type Headers = z.infer<typeof headers>;
export type CorsPolicy = z.infer<typeof corsPolicy>;
