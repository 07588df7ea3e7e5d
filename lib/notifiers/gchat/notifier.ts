import type { Alert, Notifier, NotifierContext } from '../../ports/notifier.js';
import { post, readWebhook } from '../webhook.js';

/**
 * Google Chat: a space's webhook, with the card that Flagger sends. The texts of a card are HTML, so what would be
 * markup in a message is escaped (Flagger sends it as it is, and `98% < 99%` loses its end). A token is not sent: the
 * URL is the credential.
 */
export function googleChatNotifier(context: NotifierContext): Notifier {
  const webhook = readWebhook('gchat', context.address);
  return {
    send: async (alert) => {
      await post(context, webhook, card(alert));
    },
  };
}

function card({ name, namespace, message, fields }: Alert): unknown {
  const header = {
    title: 'Flagger',
    subtitle: `${name}.${namespace}`,
    imageUrl: 'https://flagger.app/favicon.png',
  };
  const texts = [
    strong(message),
    ...fields.map((field) => `${escapeMarkup(field.name)}<br>${strong(field.value)}`),
  ];
  const sections = texts.map((text) => ({ widgets: [{ textParagraph: { text } }] }));
  return { cards: [{ header, sections }] };
}

function strong(text: string): string {
  return `<font color=#848484><strong>${escapeMarkup(text)}</strong></font>`;
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
