import type { AlertProviderType } from '../api/alertProvider.js';
import type { NotifierFactory } from '../ports/notifier.js';
import { discordNotifier } from './discord/notifier.js';
import { googleChatNotifier } from './gchat/notifier.js';
import { teamsNotifier } from './msteams/notifier.js';
import { rocketNotifier } from './rocket/notifier.js';
import { slackNotifier } from './slack/notifier.js';

/** Every notifier by its type, `spec.type` of an AlertProvider. */
export const notifiers = {
  slack: slackNotifier,
  msteams: teamsNotifier,
  discord: discordNotifier,
  rocket: rocketNotifier,
  gchat: googleChatNotifier,
} satisfies Record<AlertProviderType, NotifierFactory>;
