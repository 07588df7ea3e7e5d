import type { Kubectl } from '../kubectl.ts';
import { place } from './place.ts';
import type { Line } from './story.ts';

interface CanaryObject {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly status?: { readonly phase?: string; readonly canaryWeight?: number };
}

interface EventObject {
  readonly metadata: { readonly uid: string };
  readonly message: string;
  readonly involvedObject: { readonly kind: string; readonly name: string; readonly resourceVersion: string };
}

export interface Standing {
  readonly phase: string;
  readonly weight: number;
}

/** Everything that is written and said about the canaries of a namespace. */
export interface Recorder {
  standing(name: string): Standing;
  /** Forgets what was said so far. */
  begin(): void;
  said(name: string): readonly string[];
  /** What was said, each with the status that it was said about: an event names the version of its object. */
  lines(name: string): Line[];
  end(): void;
}

export function record(kubectl: Kubectl): Recorder {
  const { namespace } = place;
  const versions = new Map<string, Standing>();
  const newest = new Map<string, Standing>();
  const known = new Set<string>();
  let events: { readonly object: EventObject; readonly at: number }[] = [];
  const endings = [
    kubectl.watch<CanaryObject>(
      `/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries?watch=true`,
      ({ object: { metadata, status = {} } }) => {
        const standing = { phase: status.phase ?? '', weight: status.canaryWeight ?? 0 };
        versions.set(metadata.resourceVersion, standing);
        newest.set(metadata.name, standing);
      },
    ),
    kubectl.watch<EventObject>(
      `/api/v1/namespaces/${namespace}/events?watch=true&fieldSelector=involvedObject.kind%3DCanary`,
      ({ type, object }) => {
        if (type !== 'ADDED' || known.has(object.metadata.uid)) return;
        known.add(object.metadata.uid);
        events.push({ object, at: performance.now() });
      },
    ),
  ];
  const of = (name: string) => events.filter(({ object }) => object.involvedObject.name === name);
  return {
    standing: (name) => newest.get(name) ?? { phase: '', weight: 0 },
    begin() {
      events = [];
    },
    said: (name) => of(name).map(({ object }) => object.message),
    lines: (name) =>
      of(name).map(({ object: { message, involvedObject }, at }, _, [first]) => {
        const standing = versions.get(involvedObject.resourceVersion);
        if (!standing) throw new Error(`${name}: an event of a status that was not seen: ${message}`);
        return { atMs: Math.round(at - first!.at), ...standing, text: message };
      }),
    end() {
      for (const end of endings) end();
    },
  };
}
