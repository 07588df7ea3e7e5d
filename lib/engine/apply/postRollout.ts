import { webhookType } from '../../api/defaults.js';
import type { Outcome, Performer } from './performers.js';

/** Calls the hooks that are told of an end, until one fails; what they answer becomes events and nothing else. */
export const performPostRollout: Performer<'postRollout'> = async (
  { ask, aside, recorder },
  { canary },
  { phase },
): Promise<Outcome> => {
  for (const webhook of canary.spec.analysis.webhooks ?? []) {
    if (webhookType(webhook) !== 'post-rollout') continue;
    const answer = await aside(() => ask.hook(canary, webhook, phase));
    if (!answer.ok) {
      const text = `Post-rollout hook ${webhook.name} failed ${answer.error}`;
      recorder.record(canary, { type: 'Warning', text });
      return 'done';
    }
    recorder.record(canary, { type: 'Normal', text: `Post-rollout check ${webhook.name} passed` });
  }
  return 'done';
};
