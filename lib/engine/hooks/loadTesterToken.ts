import { createHash } from 'node:crypto';
import type { Kind, KubeObject } from '../../api/kinds.js';
import { ConfigMaps, Secrets } from '../../api/workloads.js';
import { type Clock, sleep } from '../../ports/clock.js';
import type { Cluster, ObjectKey } from '../../ports/cluster.js';
import type { Log } from '../../ports/log.js';
import type { Random } from '../../ports/random.js';
import { errorText } from '../errorText.js';

/** Where the load tester is, and where what it trusts the controller by is kept. */
export interface LoadTesterOptions {
  /** Only hooks posted to this Service carry the token. */
  readonly url: string;
  /** A Secret for the token, under the key `token`; it exists, and may be empty. */
  readonly secret: ObjectKey;
  /** A ConfigMap for the token's SHA-256, under the key `sha256`; it exists, and may be empty. */
  readonly digest: ObjectKey;
}

const RETRY_MS = 5_000;

/** Proves to the load tester that the controller asks. */
export interface HookCredentials {
  /** Makes the token if there is none, trying until it can; the load tester starts when that is done. */
  prepare(signal: AbortSignal): Promise<void>;
  /** What a request to `url` carries; nothing unless it goes to the load tester. */
  headersFor(url: string): Promise<Readonly<Record<string, string>>>;
  /** What was sent was not believed: the next request reads the token anew. */
  refused(): void;
}

/**
 * The token is made here, in the cluster, when its Secret is empty: so what a program synthesises stays the same from
 * run to run and holds nothing secret. The load tester is given the digest only, hence no command that it runs can
 * read the token.
 */
export function createLoadTesterToken(
  options: LoadTesterOptions | undefined,
  ports: { readonly cluster: Cluster; readonly random: Random; readonly clock: Clock; readonly log: Log },
): HookCredentials {
  let known: Promise<string> | undefined;
  const token = (at: LoadTesterOptions): Promise<string> => {
    known ??= establish(at, ports).catch((error: unknown) => {
      known = undefined;
      ports.log.log('error', `hooks go to the load tester without its token: ${errorText(error)}`);
      return '';
    });
    return known;
  };
  return {
    async prepare(signal) {
      while (options && !signal.aborted && !(await token(options)))
        await sleep(ports.clock, RETRY_MS, signal);
    },
    async headersFor(url): Promise<Record<string, string>> {
      if (!options || serviceOf(url) !== serviceOf(options.url)) return {};
      const value = await token(options);
      return value ? { Authorization: `Bearer ${value}` } : {};
    },
    refused: () => {
      known = undefined;
    },
  };
}

async function establish(
  { secret, digest }: LoadTesterOptions,
  { cluster, random }: { readonly cluster: Cluster; readonly random: Random },
): Promise<string> {
  const kept = await settle(cluster, Secrets, secret, 'token', (found) => found || encode(newToken(random)));
  const token = Buffer.from(kept, 'base64').toString();
  const sha256 = createHash('sha256').update(token).digest('hex');
  await settle(cluster, ConfigMaps, digest, 'sha256', () => sha256);
  return token;
}

/**
 * What an entry shall be, written if it is something else; under the resourceVersion, so that of two controllers one
 * fails, and reads the other's when it asks again.
 */
async function settle(
  cluster: Cluster,
  kind: Kind<KubeObject & { data?: Record<string, string> }>,
  key: ObjectKey,
  entry: string,
  choose: (found: string | undefined) => string,
): Promise<string> {
  const object = await cluster.get(kind, key);
  const value = choose(object.data?.[entry]);
  if (value === object.data?.[entry]) return value;
  await cluster.update(kind, { ...object, data: { ...object.data, [entry]: value } });
  return value;
}

/** 244 random bits. */
function newToken(random: Random): string {
  return `${random.uuid()}${random.uuid()}`.replaceAll('-', '');
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Scheme, host and port, a Service's long names shortened. A text that is no URL leads to no load tester. */
function serviceOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { protocol, hostname, port } = new URL(url);
  return `${protocol}//${hostname.replace(/\.svc(\.cluster\.local)?\.?$/, '')}:${port}`;
}
