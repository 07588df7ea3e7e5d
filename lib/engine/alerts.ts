import { AlertProviders } from '../api/alertProvider.js';
import type { Canary, CanaryAlert, UnsaidAlert } from '../api/canary.js';
import { referenceNamespace } from '../api/defaults.js';
import { PerchError } from '../api/errors.js';
import { severityOf } from '../core/announcement.js';
import type { Http } from '../ports/http.js';
import type { Log } from '../ports/log.js';
import type { Alert, AlertSeverity, Notifier, NotifierFactory } from '../ports/notifier.js';
import type { Objects } from '../ports/objects.js';
import { errorText } from './errorText.js';
import { canaryKey } from './events.js';
import type { Outbox } from './outbox.js';
import { readSecret } from './secret.js';

export interface AlertsOptions {
  readonly objects: Objects;
  readonly http: Http;
  readonly log: Log;
  readonly outbox: Outbox;
  readonly notifiers: Readonly<Record<string, NotifierFactory>>;
  /** Told of canaries that name no alert of their own. */
  readonly globalNotifier?: Notifier | undefined;
}

/**
 * Tells people. Never blocks: what cannot be sent is tried again some times, then logged. An alert with a note in the
 * status is sent once.
 */
export interface Alerts {
  send(canary: Canary, alert: Omit<Alert, 'name' | 'namespace'>, note?: UnsaidAlert): void;
  /** Has what the note names arrived, or been given up, since this controller sent it; or is nobody to be told of it? */
  isSaid(canary: Canary, note: UnsaidAlert): boolean;
  /** Drops what is remembered of a canary that is gone. */
  forget(key: string): void;
  /** Resolves when what was sent about the canary has arrived or was given up, after 3 seconds at the latest. */
  delivered(canary: Canary): Promise<void>;
}

const DELIVERY_MS = 3_000;

const RANKS: Readonly<Record<AlertSeverity, number>> = { info: 0, warn: 1, error: 2 };

export function createAlerts(options: AlertsOptions): Alerts {
  const { log, outbox } = options;
  /** By canary: the note that was last settled. */
  const noted = new Map<string, string>();
  const lanes = (canary: Canary) => `${canaryKey(canary)} alert `;
  const post = (canary: Canary, alert: Alert, lane: string, find: () => Promise<Notifier>): void => {
    outbox.post(`${lanes(canary)}${lane}`, {
      send: async () => (await find()).send(alert),
      retry: (error) => (isFinal(error) ? false : { afterMs: 0 }),
      lost: (error) =>
        log.log('error', `alert provider ${lane} ${errorText(error)}`, {
          canary: `${alert.name}.${alert.namespace}`,
        }),
    });
  };
  return {
    delivered: (canary) => outbox.settle(lanes(canary), DELIVERY_MS),
    isSaid: (canary, note) =>
      listenersTo(options, canary, severityOf(note)).length === 0 ||
      (noted.get(canaryKey(canary)) === nameOf(note) && outbox.isIdle(lanes(canary))),
    forget: (key) => {
      noted.delete(key);
    },
    send(canary, content, note) {
      if (note && noted.get(canaryKey(canary)) === nameOf(note)) return;
      if (note) noted.set(canaryKey(canary), nameOf(note));
      const { name = '', namespace = '' } = canary.metadata;
      const alert = { ...content, name, namespace };
      for (const { lane, find } of listenersTo(options, canary, content.severity))
        post(canary, alert, lane, find);
    },
  };
}

interface Listener {
  readonly lane: string;
  readonly find: () => Promise<Notifier>;
}

/** Whom the canary names for alerts of this severity; the global notifier where it names nobody for any. */
function listenersTo(options: AlertsOptions, canary: Canary, severity: AlertSeverity): Listener[] {
  const { globalNotifier } = options;
  const own = canary.spec.analysis.alerts ?? [];
  if (own.length === 0) return globalNotifier ? [{ lane: 'global', find: async () => globalNotifier }] : [];
  return own
    .filter((rule) => wants(rule, severity))
    .map((rule) => ({
      lane: `${rule.providerRef.name}.${referenceNamespace(canary, rule.providerRef)}`,
      find: () => findNotifier(options, canary, rule),
    }));
}

function nameOf({ alert, at }: UnsaidAlert): string {
  return `${alert} ${at}`;
}

/** A rule without severity gets everything, as Flagger documents (its code sends nothing then). */
function wants(rule: CanaryAlert, severity: AlertSeverity): boolean {
  return RANKS[severity] >= RANKS[rule.severity || 'info'];
}

async function findNotifier(options: AlertsOptions, canary: Canary, rule: CanaryAlert): Promise<Notifier> {
  const namespace = referenceNamespace(canary, rule.providerRef);
  const { name } = rule.providerRef;
  const found = options.objects.read(AlertProviders, { namespace, name });
  if (!found) {
    throw misconfigured(
      `error: alertproviders.flagger.app "${name}" not found`,
      'spec.analysis.alerts.providerRef',
    );
  }
  const { type, channel, username, proxy, secretRef } = found.spec;
  const factory = Object.hasOwn(options.notifiers, type) ? options.notifiers[type] : undefined;
  if (!factory) {
    const known = Object.keys(options.notifiers).join(', ');
    throw misconfigured(`error: expected a type of ${known}, got ${type}`, 'spec.type');
  }
  const secret = secretRef ? await readSecret(options.objects, namespace, secretRef.name) : {};
  const address = secretRef ? secret.address : found.spec.address;
  if (!address) throw misconfigured('secret does not contain an address', 'spec.secretRef');
  return factory({
    http: options.http,
    address: address.trim(),
    ...(secret.token ? { token: secret.token.trim() } : {}),
    ...(channel ? { channel } : {}),
    ...(username ? { username } : {}),
    ...(proxy ? { proxy } : {}),
  });
}

function misconfigured(message: string, path: string): PerchError {
  return new PerchError({
    code: 'ENGINE_ALERT_PROVIDER',
    message,
    remedy: 'correct the AlertProvider; alerts sent meanwhile are lost',
    path,
  });
}

/** Trying again does not mend what is written wrongly. */
function isFinal(error: unknown): boolean {
  return error instanceof PerchError && error.code.startsWith('ENGINE_ALERT');
}
