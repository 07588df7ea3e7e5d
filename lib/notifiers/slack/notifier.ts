import type { HttpResponse } from '../../ports/http.js';
import type { Notifier, NotifierContext } from '../../ports/notifier.js';
import { attachmentDrawer } from '../attachment.js';
import { notSent, post, readWebhook } from '../webhook.js';

/**
 * Slack: an incoming webhook, or `https://slack.com/api/chat.postMessage` with a bot's token. The message is Flagger's.
 * Unlike Flagger an answer `{"ok":false,"error":…}`, which Slack's API sends with status 200, counts as a failure.
 */
export function slackNotifier(context: NotifierContext): Notifier {
  const webhook = readWebhook('slack', context.address);
  const draw = attachmentDrawer('Slack', context, { error: 'danger', other: 'good' });
  const token = context.token?.trim();
  const headers = token ? { Authorization: `Bearer ${token}` } : undefined;
  return {
    send: async (alert) => {
      const answer = await post(context, webhook, draw(alert), headers);
      const refusal = refusalOf(answer);
      if (refusal !== undefined) throw notSent(webhook.label, `refused: ${refusal}`);
    },
  };
}

/** Slack's word for why, e.g. `channel_not_found`; a webhook answers plain `ok`, which is no JSON. */
function refusalOf({ body }: HttpResponse): string | undefined {
  if (!/^\s*\{[\s\S]*"ok"\s*:\s*false\b/.test(body)) return undefined;
  return /"error"\s*:\s*"([a-z0-9_]{1,80})"/.exec(body)?.[1] ?? 'no reason given';
}
