import type { Http } from '../ports/http.js';
import type { Notifier } from '../ports/notifier.js';
import { teamsNotifier } from './msteams/notifier.js';
import { slackNotifier } from './slack/notifier.js';

/** Flagger's flags for the notifier of canaries that name no alert of their own; '' is the same as absent. */
export interface GlobalNotifierFlags {
  /** -slack-url */
  readonly slackUrl?: string;
  /** -slack-token */
  readonly slackToken?: string;
  /** -slack-proxy-url */
  readonly slackProxyUrl?: string;
  /** -slack-user @default flagger */
  readonly slackUser?: string;
  /** -slack-channel; needed with -slack-url. */
  readonly slackChannel?: string;
  /** -msteams-url */
  readonly msteamsUrl?: string;
  /** -msteams-proxy-url */
  readonly msteamsProxyUrl?: string;
}

/**
 * The notifier that the flags describe: Teams when it has a URL, else Slack, else none. Throws a PerchError, which
 * repeats no URL and no token, when a URL is none or Slack's channel is missing.
 */
export function globalNotifier(flags: GlobalNotifierFlags, http: Http): Notifier | undefined {
  if (flags.msteamsUrl) {
    return teamsNotifier({ http, address: flags.msteamsUrl, ...proxy(flags.msteamsProxyUrl) });
  }
  if (!flags.slackUrl) return undefined;
  return slackNotifier({
    http,
    address: flags.slackUrl,
    channel: flags.slackChannel ?? '',
    username: flags.slackUser ?? 'flagger',
    ...(flags.slackToken ? { token: flags.slackToken } : {}),
    ...proxy(flags.slackProxyUrl),
  });
}

function proxy(url: string | undefined): { proxy?: string } {
  return url ? { proxy: url } : {};
}
