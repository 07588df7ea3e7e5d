import type { Http } from './http.js';

export type AlertSeverity = 'info' | 'warn' | 'error';

/** One message to people. */
export interface Alert {
  /** Canary's name and namespace. */
  readonly name: string;
  readonly namespace: string;
  readonly message: string;
  readonly severity: AlertSeverity;
  /** Shown as name and value pairs, in order. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

/** Sends an alert somewhere; rejects with a PerchError that names no URL and no token. */
export interface Notifier {
  send(alert: Alert): Promise<void>;
}

export interface NotifierContext {
  readonly http: Http;
  readonly address: string;
  readonly token?: string;
  /** @default general */
  readonly channel?: string;
  /** @default flagger */
  readonly username?: string;
  /** HTTP proxy, as a URL. */
  readonly proxy?: string;
}

export type NotifierFactory = (context: NotifierContext) => Notifier;
