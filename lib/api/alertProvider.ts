import * as z from 'zod';
import { defineKind, type KubeObject } from './kinds.js';
import { requireOneSet } from './schema/fields.js';
import { manifest } from './schema/manifest.js';

/** Every chat that alerts can go to. */
const alertProviderTypes = ['slack', 'msteams', 'discord', 'rocket', 'gchat'] as const;

const addresses = requireOneSet([
  ['type', 'address'],
  ['type', 'secretRef'],
]);

export const alertProviderSpec = z
  .object({
    type: z.enum(alertProviderTypes).describe('Where alerts go.'),
    channel: z.string().optional().describe('Channel, where the chat has some.'),
    username: z.string().optional().describe('Name of the sender.'),
    address: z.string().optional().describe('Hook address; better kept in a Secret.'),
    proxy: z.string().optional().describe('Address of an HTTP proxy.'),
    secretRef: z
      .object({ name: z.string().describe('Name of the Secret.') })
      .optional()
      .describe("The Secret with the keys address and, if need be, token, in the provider's namespace."),
  })
  .refine(addresses.holds, { error: 'type and exactly one of address, secretRef' })
  .meta({ ...addresses.meta, description: 'Where alerts of canaries go.' });

export const alertProviderSchema = manifest('AlertProvider', alertProviderSpec);

export type AlertProviderType = (typeof alertProviderTypes)[number];
export type AlertProviderSpec = z.infer<typeof alertProviderSpec>;

/** Where alerts of canaries go. */
export interface AlertProvider extends KubeObject {
  spec: AlertProviderSpec;
}

export const AlertProviders = defineKind<AlertProvider>(
  'flagger.app',
  'v1beta1',
  'AlertProvider',
  'alertproviders',
);
