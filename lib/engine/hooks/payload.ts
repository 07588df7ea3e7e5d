import type { Canary, Phase, Webhook } from '../../api/canary.js';
import { runChecksum } from './checksum.js';

/** What is posted to a hook, Flagger's fields exactly; without metadata when there is none. */
export function hookPayload(
  canary: Canary,
  phase: Phase,
  metadata: Readonly<Record<string, string>>,
): string {
  return JSON.stringify({
    name: canary.metadata.name,
    namespace: canary.metadata.namespace,
    phase,
    checksum: runChecksum(canary.status),
    ...(Object.keys(metadata).length > 0 ? { metadata } : {}),
  });
}

/** The same for an event: what was said, how grave it is and when, beside the hook's own metadata. */
export function eventPayload(
  canary: Canary,
  webhook: Pick<Webhook, 'metadata'>,
  event: { readonly text: string; readonly type: 'Normal' | 'Warning'; readonly at: number },
): string {
  return hookPayload(canary, canary.status?.phase ?? '', {
    ...webhook.metadata,
    eventMessage: event.text,
    eventType: event.type,
    timestamp: String(event.at),
  });
}
