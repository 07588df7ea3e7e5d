import * as z from 'zod';
import { interval, stringMap, whole } from '../schema/fields.js';

/** Every type of hook that can be written; '' is the same as `rollout`. */
const webhookTypes = [
  '',
  'confirm-rollout',
  'pre-rollout',
  'rollout',
  'confirm-promotion',
  'post-rollout',
  'event',
  'rollback',
  'confirm-traffic-increase',
] as const;

export const webhook = z.object({
  name: z.string().describe('Name of the hook, shown in events.'),
  type: z.enum(webhookTypes).optional().describe('When the hook is called; rollout when empty.'),
  url: z.string().describe('Address that the payload is posted to.'),
  muteAlert: z.boolean().optional().describe('No alert while this gate keeps a rollout waiting.'),
  timeout: interval().optional().describe('Time-out of one attempt, a duration; 10s when absent.'),
  retries: whole().optional().describe('Attempts after the first; 0 when absent.'),
  disableTLS: z.boolean().optional().describe("The server's certificate is not verified."),
  metadata: stringMap().optional().describe('Posted along; the load tester reads its commands here.'),
});

export type WebhookType = (typeof webhookTypes)[number];
export type Webhook = z.infer<typeof webhook>;
