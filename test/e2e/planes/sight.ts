import type { Kubectl } from '../kubectl.ts';
import { place } from './place.ts';

interface CanaryObject {
  metadata: { name: string };
  status?: {
    phase?: string;
    canaryWeight?: number;
    iterations?: number;
    paused?: object;
    observedRevision?: string;
  };
}

interface EventObject {
  metadata: { uid: string };
  message: string;
  involvedObject: { name: string };
}

/** What a user with kubectl sees of one canary. */
export interface View {
  readonly status: NonNullable<CanaryObject['status']>;
  /** Messages of its events since `forget`. */
  readonly said: readonly string[];
  forget(): void;
}

export interface Sight {
  of(canary: string): View;
  end(): void;
}

/** Watches the canaries of the namespace and their events. */
export function watchCanaries(kubectl: Kubectl): Sight {
  const statuses = new Map<string, View['status']>();
  const messages = new Map<string, string[]>();
  const known = new Set<string>();
  const endings = [
    kubectl.watch<CanaryObject>(
      `/apis/flagger.app/v1beta1/namespaces/${place.apps}/canaries?watch=true`,
      ({ type, object }) =>
        statuses.set(object.metadata.name, type === 'DELETED' ? {} : (object.status ?? {})),
    ),
    kubectl.watch<EventObject>(
      `/api/v1/namespaces/${place.apps}/events?watch=true&fieldSelector=involvedObject.kind%3DCanary`,
      ({ type, object }) => {
        if (type !== 'ADDED' || known.has(object.metadata.uid)) return;
        known.add(object.metadata.uid);
        const { name } = object.involvedObject;
        messages.set(name, [...(messages.get(name) ?? []), object.message]);
      },
    ),
  ];
  return {
    of: (canary) => ({
      get status() {
        return statuses.get(canary) ?? {};
      },
      get said() {
        return messages.get(canary) ?? [];
      },
      forget: () => void messages.delete(canary),
    }),
    end() {
      for (const end of endings) end();
    },
  };
}
