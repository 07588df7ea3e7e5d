import * as z from 'zod';

export const canaryAlert = z.object({
  name: z.string().describe('Name of the alert.'),
  severity: z
    .enum(['', 'info', 'warn', 'error'])
    .optional()
    .describe('Least severity that is sent; nothing is sent when it is empty.'),
  providerRef: z
    .object({
      name: z.string().describe('Name of the AlertProvider.'),
      namespace: z.string().optional().describe("Namespace of the provider; the canary's when absent."),
    })
    .describe('The AlertProvider that sends.'),
});

export type CanaryAlert = z.infer<typeof canaryAlert>;
