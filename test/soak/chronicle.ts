import { request } from 'undici';
import { pause } from '../../bench/controller.js';
import type { Canary, CanaryStatus } from '../../lib/api/canary.js';
import { splitLines } from '../../lib/kube/lines.js';
import { child, count, entries, readStored, text } from './protobuf.js';

/** `order`: what was seen first. */
interface Seen {
  readonly order: number;
  /** Epoch ms by the soak's own clock. */
  readonly at: number;
}

export interface Workload extends Seen {
  /** Of the first container's image. */
  readonly tag: string;
  readonly ready: number;
}

export interface Weight extends Seen {
  /** Percent of the requests that the canary's Ingress takes. */
  readonly weight: number;
}

export interface Said extends Seen {
  readonly message: string;
  /** How often, in one event. */
  readonly times: number;
}

/** All that was written about one canary, in the order of the writes. */
export interface Pages {
  readonly stands: (Seen & { readonly status: CanaryStatus })[];
  readonly targets: Workload[];
  readonly primaries: Workload[];
  readonly weights: Weight[];
  readonly events: Said[];
  /** What it was judged by, as the metrics server saw it. */
  readonly checks: (Seen & { readonly tag: string; readonly good: boolean })[];
}

/**
 * What was written in any namespace, taken from etcd itself: every version of every object, also those of a time when
 * the API server was away or its watches were cut. Canaries have names of their own, whatever their namespace.
 */
export interface Chronicle {
  of(canary: string): Pages;
  names(): string[];
  checked(canary: string, good: boolean): void;
  end(): void;
}

const suffixes = /-(primary|canary)$/;

export function startChronicle(etcd: string): Chronicle {
  const pages = new Map<string, Pages>();
  const end = new AbortController();
  let order = 0;
  const now = () => ({ order: order++, at: Date.now() });
  const of = (name: string): Pages => {
    const known = pages.get(name) ?? emptyPages();
    pages.set(name, known);
    return known;
  };
  const canary = (name: string, value: Buffer): void => {
    const { status = {} } = JSON.parse(value.toString('utf8')) as Canary;
    const { stands } = of(name);
    if (JSON.stringify(stands.at(-1)?.status) !== JSON.stringify(status)) stands.push({ ...now(), status });
  };
  const deployment = (name: string, value: Buffer): void => {
    const stored = readStored(value);
    const container = child(child(child(child(stored, 2), 3), 2), 2);
    const tag = text(container, 2).split(':').at(-1) ?? '';
    const list = name.endsWith('-primary') ? of(name.replace(suffixes, '')).primaries : of(name).targets;
    list.push({ ...now(), tag, ready: count(child(stored, 3), 7) });
  };
  const ingress = (name: string, value: Buffer): void => {
    if (!name.endsWith('-canary')) return;
    const { weights } = of(name.replace(suffixes, ''));
    const annotations = entries(child(readStored(value), 1), 12);
    const weight = Number(annotations.get('nginx.ingress.kubernetes.io/canary-weight') ?? 0);
    if (weights.at(-1)?.weight !== weight) weights.push({ ...now(), weight });
  };
  const event = (name: string, value: Buffer): void => {
    const stored = readStored(value);
    if (text(child(stored, 2), 1) !== 'Canary') return;
    of(name.split('.')[0] ?? '').events.push({ ...now(), message: text(stored, 4), times: count(stored, 8) });
  };
  const keep = { 'flagger.app/canaries': canary, deployments: deployment, ingress, events: event };
  for (const [kind, see] of Object.entries(keep)) void follow(etcd, `/registry/${kind}/`, end.signal, see);
  return {
    of,
    names: () => [...pages.keys()],
    checked(name, good) {
      const known = of(name);
      known.checks.push({ ...now(), tag: known.targets.at(-1)?.tag ?? '', good });
    },
    end: () => end.abort(),
  };
}

function emptyPages(): Pages {
  return { stands: [], targets: [], primaries: [], weights: [], events: [], checks: [] };
}

interface WireWatch {
  readonly result?: {
    readonly header: { readonly revision: string };
    readonly events?: readonly {
      readonly type?: 'DELETE';
      readonly kv: { readonly key: string; readonly value?: string; readonly mod_revision: string };
    }[];
  };
}

/** Every value that is put under a prefix from now on, by etcd's JSON gateway; goes on where a stream has ended. */
async function follow(
  etcd: string,
  prefix: string,
  signal: AbortSignal,
  see: (name: string, value: Buffer) => void,
): Promise<void> {
  let next: number | undefined;
  while (!signal.aborted) {
    try {
      for await (const { header, events = [] } of watch(etcd, prefix, next, signal)) {
        next ??= Number(header.revision) + 1;
        for (const { type, kv } of events) {
          next = Number(kv.mod_revision) + 1;
          if (type === 'DELETE') continue;
          const name = Buffer.from(kv.key, 'base64').toString('utf8').split('/').at(-1);
          see(name ?? '', Buffer.from(kv.value ?? '', 'base64'));
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      console.error(`# the watch of ${prefix} is taken up again: ${String(error)}`);
      await pause(200);
    }
  }
}

async function* watch(etcd: string, prefix: string, from: number | undefined, signal: AbortSignal) {
  const key = Buffer.from(prefix);
  const end = Buffer.from(key);
  end[end.length - 1]! += 1;
  const range = { key: key.toString('base64'), range_end: end.toString('base64') };
  // in fragments: what piles up while we are slow would be more than the gateway takes in one message
  const create_request = {
    ...range,
    fragment: true,
    ...(from === undefined ? {} : { start_revision: from }),
  };
  const { body } = await request(`${etcd}/v3/watch`, {
    method: 'POST',
    body: JSON.stringify({ create_request }),
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  for await (const line of splitLines(body)) {
    const { result } = JSON.parse(line) as WireWatch;
    if (!result) throw new Error(line);
    yield result;
  }
}
