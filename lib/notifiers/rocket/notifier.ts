import type { HttpResponse } from '../../ports/http.js';
import type { Notifier, NotifierContext } from '../../ports/notifier.js';
import { attachmentDrawer } from '../attachment.js';
import { notSent, post, readWebhook } from '../webhook.js';

/**
 * Rocket.Chat: an incoming webhook, which takes Slack's messages with colours of its own. A token is not sent: the URL
 * is the credential. Unlike Flagger an answer `{"success":false}` counts as a failure whatever its status.
 */
export function rocketNotifier(context: NotifierContext): Notifier {
  const webhook = readWebhook('rocket', context.address);
  const draw = attachmentDrawer('Rocket.Chat', context, { error: '#FF0000', other: '#0076D7' });
  return {
    send: async (alert) => {
      const answer = await post(context, webhook, draw(alert));
      if (isRefusal(answer)) throw notSent(webhook.label, 'refused: the answer says success: false');
    },
  };
}

function isRefusal({ body }: HttpResponse): boolean {
  return /^\s*\{[\s\S]*"success"\s*:\s*false\b/.test(body);
}
