import type { Notifier, NotifierContext } from '../../ports/notifier.js';
import { attachmentDrawer } from '../attachment.js';
import { post, readWebhook } from '../webhook.js';

/**
 * Discord: a channel's webhook, by its endpoint for Slack's messages: `/slack` is put behind the address's path unless
 * it is there, as Flagger does. A token is not sent: the URL is the credential.
 */
export function discordNotifier(context: NotifierContext): Notifier {
  const webhook = readWebhook('discord', context.address);
  const url = slackEndpoint(webhook.url);
  const draw = attachmentDrawer('Discord', context, { error: 'danger', other: 'good' });
  return {
    send: async (alert) => {
      await post(context, { ...webhook, url }, draw(alert));
    },
  };
}

function slackEndpoint(address: string): string {
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/slack') ? path : `${path}/slack`;
  return url.href;
}
