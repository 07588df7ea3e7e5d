import { PerchError } from '../../api/errors.js';
import type { HttpResponse } from '../../ports/http.js';
import type { Alert, Notifier, NotifierContext } from '../../ports/notifier.js';
import { notSent, post, readWebhook } from '../webhook.js';

/**
 * Slack: an incoming webhook, or `https://slack.com/api/chat.postMessage` with a bot's token. The message is Flagger's.
 * Unlike Flagger an answer `{"ok":false,"error":…}`, which Slack's API sends with status 200, counts as a failure.
 */
export function slackNotifier(context: NotifierContext): Notifier {
  const webhook = readWebhook('slack', context.address);
  const channel = requireText(context.channel ?? 'general', 'channel');
  const username = requireText(context.username ?? 'flagger', 'username');
  const token = context.token?.trim();
  const headers = token ? { Authorization: `Bearer ${token}` } : undefined;
  return {
    send: async (alert) => {
      const answer = await post(context, webhook, payload(alert, channel, username), headers);
      const refusal = refusalOf(answer);
      if (refusal !== undefined) throw notSent(webhook.label, `refused: ${refusal}`);
    },
  };
}

function payload(
  { name, namespace, message, severity, fields }: Alert,
  channel: string,
  username: string,
): unknown {
  return {
    channel,
    username,
    icon_url: '',
    icon_emoji: ':rocket:',
    attachments: [
      {
        color: severity === 'error' ? 'danger' : 'good',
        author_name: `${name}.${namespace}`,
        text: message,
        mrkdwn_in: ['text'],
        fields: fields.map((field) => ({ title: field.name, value: field.value, short: false })),
      },
    ],
  };
}

/** Slack's word for why, e.g. `channel_not_found`; a webhook answers plain `ok`, which is no JSON. */
function refusalOf({ body }: HttpResponse): string | undefined {
  if (!/^\s*\{[\s\S]*"ok"\s*:\s*false\b/.test(body)) return undefined;
  return /"error"\s*:\s*"([a-z0-9_]{1,80})"/.exec(body)?.[1] ?? 'no reason given';
}

function requireText(value: string, what: string): string {
  if (value) return value;
  throw new PerchError({
    code: 'NOTIFIER_SLACK_SETTING',
    message: `empty Slack ${what}: expected a name, given nothing`,
    remedy: `set the ${what} of the AlertProvider, or the flag -slack-${what === 'username' ? 'user' : what}`,
    path: `spec.${what}`,
  });
}
