import type { Notifier, NotifierContext } from '../../ports/notifier.js';
import { post, readWebhook } from '../webhook.js';
import { cards } from './cards.js';
import { cardFormat } from './format.js';
import { fitCard } from './size.js';

/**
 * Microsoft Teams: an Adaptive Card for a Power Automate workflow, a MessageCard for the connectors before it, by the
 * kind of URL (format.ts). Every 2xx is a success: workflows answer 202. A token is not sent: the URL is the credential.
 */
export function teamsNotifier(context: NotifierContext): Notifier {
  const webhook = readWebhook('msteams', context.address);
  const url = new URL(webhook.url);
  const draw = cards[cardFormat(url)];
  url.hash = '';
  return {
    send: async (alert) => {
      await post(context, { ...webhook, url: url.href }, fitCard(alert, draw));
    },
  };
}
