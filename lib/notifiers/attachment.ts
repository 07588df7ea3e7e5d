import { PerchError } from '../api/errors.js';
import type { Alert, NotifierContext } from '../ports/notifier.js';

/** Colours of an error, and of everything else. */
export interface Colors {
  readonly error: string;
  readonly other: string;
}

/**
 * Draws alerts as Slack's messages with one attachment, which Discord and Rocket.Chat take too; the fields and their
 * order are Flagger's. Throws a PerchError when channel or user name are given and empty.
 */
export function attachmentDrawer(
  provider: string,
  { channel = 'general', username = 'flagger' }: NotifierContext,
  colors: Colors,
): (alert: Alert) => unknown {
  requireText(provider, 'channel', channel);
  requireText(provider, 'username', username);
  return ({ name, namespace, message, severity, fields }) => ({
    channel,
    username,
    icon_url: '',
    icon_emoji: ':rocket:',
    attachments: [
      {
        color: severity === 'error' ? colors.error : colors.other,
        author_name: `${name}.${namespace}`,
        text: message,
        mrkdwn_in: ['text'],
        fields: fields.map((field) => ({ title: field.name, value: field.value, short: false })),
      },
    ],
  });
}

function requireText(provider: string, what: 'channel' | 'username', value: string): void {
  if (value) return;
  const flag = `the flag -slack-${what === 'username' ? 'user' : what}`;
  throw new PerchError({
    code: 'NOTIFIER_SETTING',
    message: `empty ${provider} ${what}: expected a name, given nothing`,
    remedy: `set the ${what} of the AlertProvider${provider === 'Slack' ? `, or ${flag}` : ''}`,
    path: `spec.${what}`,
  });
}
