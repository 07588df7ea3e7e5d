import { Canaries, type Canary, type Webhook } from '../api/canary.js';
import { webhookType } from '../api/defaults.js';
import { apiVersion } from '../api/kinds.js';
import { type Event, Events } from '../api/workloads.js';
import { timestamp } from '../core/status.js';
import type { Clock } from '../ports/clock.js';
import { ApiError, type Cluster } from '../ports/cluster.js';
import type { Http } from '../ports/http.js';
import type { Log } from '../ports/log.js';
import type { Random } from '../ports/random.js';
import { errorText } from './errorText.js';
import { callHook } from './hooks/call.js';
import type { HookCredentials } from './hooks/loadTesterToken.js';
import { eventPayload } from './hooks/payload.js';
import type { Outbox } from './outbox.js';

export interface RecorderOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly http: Http;
  readonly log: Log;
  readonly outbox: Outbox;
  /** URL for events of canaries without a hook for them; '' for none. */
  readonly eventWebhook: string;
  readonly credentials: HookCredentials;
  readonly signal: AbortSignal;
}

interface Message {
  readonly text: string;
  readonly type: 'Normal' | 'Warning';
}

/** Says what happened to a canary: in the log, as a Kubernetes Event, to its event hooks. Never blocks. */
export interface Recorder {
  record(canary: Canary, message: Message): void;
  /** The same, unless a message of that `topic` was recorded less than `throttleMs` milliseconds ago. */
  recordSeldom(canary: Canary, topic: string, throttleMs: number, message: Message): void;
  /** Drops what is remembered of a canary that is gone. */
  forget(key: string): void;
}

/** The reason of every event, and who says it, as Flagger has it. */
const REASON = 'Synced';
const COMPONENT = 'flagger';

export function canaryKey(canary: Canary): string {
  return `${canary.metadata.namespace}/${canary.metadata.name}`;
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { clock, log, outbox } = options;
  /** By canary and topic: when it was last recorded. */
  const recorded = new Map<string, Map<string, number>>();

  const record = (canary: Canary, message: Message): void => {
    const name = `${canary.metadata.name}.${canary.metadata.namespace}`;
    const at = clock.now();
    log.log('info', message.text, { canary: name });
    outbox.post(canaryKey(canary), {
      send: async () => {
        await options.cluster.create(Events, newEvent(canary, message, at, options.random.uuid()));
      },
      retry: retryByServer,
      lost: (error) => log.log('warn', `event not recorded: ${errorText(error)}`, { canary: name }),
    });
    for (const webhook of eventHooks(canary, options.eventWebhook)) {
      outbox.post(`${canaryKey(canary)} ${webhook.name}`, {
        send: () => postEvent(options, canary, webhook, { ...message, at }),
        retry: () => false,
        lost: (error) =>
          log.log('error', `error sending event to webhook: ${errorText(error)}`, { canary: name }),
      });
    }
  };
  return {
    record,
    recordSeldom(canary, topic, throttleMs, message) {
      const key = canaryKey(canary);
      const topics = recorded.get(key) ?? new Map<string, number>();
      recorded.set(key, topics);
      const last = topics.get(topic);
      if (last !== undefined && clock.now() - last < throttleMs) return;
      topics.set(topic, clock.now());
      record(canary, message);
    },
    forget: (key) => {
      recorded.delete(key);
    },
  };
}

/** A server that is busy or away takes it later. */
function retryByServer(error: unknown): false | { readonly afterMs: number } {
  if (!(error instanceof ApiError)) return false;
  if (error.status !== 0 && error.status !== 429 && error.status < 500) return false;
  return { afterMs: error.retryAfterMs ?? 0 };
}

/** Hooks of the canary, else the controller's own. */
function eventHooks(canary: Canary, global: string): Webhook[] {
  const own = (canary.spec.analysis.webhooks ?? []).filter((webhook) => webhookType(webhook) === 'event');
  if (own.length > 0 || !global) return own;
  return [{ name: 'events', type: 'event', url: global }];
}

async function postEvent(
  options: RecorderOptions,
  canary: Canary,
  webhook: Webhook,
  event: Message & { readonly at: number },
): Promise<void> {
  const answer = await callHook(options, webhook, eventPayload(canary, webhook, event));
  if (!answer.ok) throw new Error(`${webhook.name}: ${answer.error}`);
}

function newEvent(canary: Canary, { text, type }: Message, at: number, uuid: string): Event {
  const { name = '', namespace = '', uid, resourceVersion } = canary.metadata;
  // whole seconds: what core/v1 takes
  const time = timestamp(at);
  return {
    apiVersion: apiVersion(Events),
    kind: Events.kind,
    metadata: { name: `${name}.${uuid.replaceAll('-', '').slice(0, 16)}`, namespace },
    involvedObject: {
      apiVersion: apiVersion(Canaries),
      kind: Canaries.kind,
      namespace,
      name,
      uid,
      resourceVersion,
    },
    reason: REASON,
    message: text,
    type,
    source: { component: COMPONENT },
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}
