import type { Dispatcher } from 'undici';

/** How to reach and convince one API server; made by config.ts from a kubeconfig, or by serviceAccount.ts in a pod. */
export interface Connection {
  /** Without a slash at the end, e.g. `https://10.0.0.1:6443`. */
  readonly baseUrl: string;
  /** Of the context. */
  readonly namespace?: string | undefined;
  /** What the context calls the user. */
  readonly user?: string | undefined;
  /** Keeps connections open between requests; replaced when the client certificate changes. */
  dispatcher(): Promise<Dispatcher>;
  /** The headers that say who asks. Tokens are renewed before they expire. */
  headers(): Promise<Readonly<Record<string, string | string[]>>>;
  /** Forgets what is remembered of the identity: the server has refused it. */
  renew(): void;
  /** Closes every connection; open watches end. */
  close(): Promise<void>;
}
