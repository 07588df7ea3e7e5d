import * as z from 'zod';
import { dateTime } from '../schema/fields.js';

/**
 * Annotation of a Canary by which people ask for something while a release is under way. It holds one request, as
 * JSON. GitOps tools leave annotations alone that their manifests do not name (Flux: unless kubectl wrote them under
 * its own field manager), and writing it takes no right but to patch the Canary.
 */
export const controlAnnotation = 'perch.dev/control';

/** What can be asked for. */
export const controlVerbs = ['pause', 'resume', 'promote', 'abort', 'retry'] as const;

const short = (most: number) => z.string().min(1).max(most);

const controlRequest = z.strictObject({
  id: short(64).describe('Tells this request from all others; a request is acted on once.'),
  verb: z.enum(controlVerbs),
  full: z.boolean().optional().describe('promote: without the rest of the analysis.'),
  by: short(128).optional().describe('Who asks, as they call themselves.'),
  at: short(40).optional().describe('When, RFC 3339.'),
  reason: short(256).optional().describe('Why, for the record.'),
  revision: short(64).optional().describe('Only if this is the revision that is there.'),
});

export const controlRecord = z
  .object({
    id: z.string().describe('Of the request.'),
    verb: z.string().describe('What was asked for.'),
    by: z.string().optional().describe('Who asked, as they call themselves.'),
    at: z.string().optional().describe('When they say they asked.'),
    reason: z.string().optional().describe('Why they asked.'),
    outcome: z.string().describe('Accepted or Refused.'),
    message: z.string().optional().describe('Why it was refused.'),
    decidedAt: dateTime().describe('When the controller decided on it.'),
  })
  .describe('A request that was made with the annotation perch.dev/control.');

export const pauseRecord = z
  .object({
    by: z.string().optional().describe('Who paused it.'),
    reason: z.string().optional().describe('Why.'),
    since: dateTime().describe('Since when.'),
  })
  .describe('There while the release is held by somebody; no checks are made and no step is taken.');

export type ControlVerb = (typeof controlVerbs)[number];
export type ControlRequest = z.infer<typeof controlRequest>;
export type ControlRecord = z.infer<typeof controlRecord>;

/** What the annotation holds: a request, or why it is none. */
export type ControlReading =
  | { readonly request: ControlRequest }
  | { readonly id: string; readonly problem: string };

/** How much of a text that is no request goes into the record, in place of an id. */
const SHOWN = 64;

/** Reads the annotation's text. What is no request has an id too, so that it is complained of once. */
export function readControl(text: string): ControlReading {
  const unreadable = (problem: string): ControlReading => ({ id: text.slice(0, SHOWN), problem });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return unreadable(`expected JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = controlRequest.safeParse(value);
  if (read.success) return { request: read.data };
  const [issue] = read.error.issues;
  const id = (value as { id?: unknown } | null)?.id;
  const problem = `${issue?.path.join('.') || 'the request'}: ${issue?.message}`;
  return typeof id === 'string' && id !== '' ? { id: id.slice(0, SHOWN), problem } : unreadable(problem);
}
