import * as z from 'zod';
import { whole } from '../schema/fields.js';

/** Keeps whoever has seen the canary on the canary, by a cookie (Istio and Gateway API). */
export const sessionAffinity = z.object({
  cookieName: z.string().describe('Cookie of those who stay on the canary.'),
  primaryCookieName: z.string().optional().describe('Cookie of those who stay on the primary.'),
  domain: z.string().optional().describe('Domain of the cookie.'),
  httpOnly: z.boolean().optional().describe('Scripts cannot read the cookie.'),
  maxAge: whole().optional().meta({ default: 86400, description: 'Lifetime of the cookie in seconds.' }),
  partitioned: z.boolean().optional().describe('The cookie is kept apart by site.'),
  path: z.string().optional().describe('Path of the cookie.'),
  sameSite: z.enum(['Strict', 'Lax', 'None']).optional().describe('SameSite of the cookie.'),
  secure: z.boolean().optional().describe('The cookie is sent over HTTPS only.'),
});

export type SessionAffinity = z.infer<typeof sessionAffinity>;
