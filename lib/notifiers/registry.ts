import type { NotifierFactory } from '../ports/notifier.js';
import { teamsNotifier } from './msteams/notifier.js';
import { slackNotifier } from './slack/notifier.js';

/** Values of an AlertProvider's `spec.type` that have a notifier. */
export type NotifierName = 'slack' | 'msteams';

/** Every notifier by its type. */
export const notifiers = {
  slack: slackNotifier,
  msteams: teamsNotifier,
} satisfies Record<NotifierName, NotifierFactory>;
