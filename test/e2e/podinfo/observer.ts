import type { Kubectl } from '../kubectl.ts';

interface CanaryObject {
  status?: { phase?: string; canaryWeight?: number; failedChecks?: number };
}
interface EventObject {
  metadata: { uid: string };
  type: string;
  message: string;
  involvedObject: { kind: string; name: string };
}
interface IngressObject {
  metadata: { name: string; annotations?: Record<string, string> };
}

export interface Seen {
  /** Milliseconds since the chapter began. */
  readonly atMs: number;
  readonly type: string;
  readonly message: string;
}

/** What happens to one canary, as a user with kubectl would see it. */
export interface Observer {
  /** Forgets what was seen, and starts the clock of the next chapter. */
  begin(): void;
  readonly events: readonly Seen[];
  /** Weights that the canary Ingress had, in order. */
  readonly weights: readonly number[];
  readonly phase: string;
  end(): void;
}

export function observe(kubectl: Kubectl, namespace: string, name: string, ingress: string): Observer {
  const known = new Set<string>();
  let [events, weights]: [Seen[], number[]] = [[], []];
  let phase = '';
  let began = performance.now();
  const endings = [
    kubectl.watch<CanaryObject>(
      `/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries?watch=true&fieldSelector=metadata.name%3D${name}`,
      ({ object }) => {
        phase = object.status?.phase ?? '';
      },
    ),
    kubectl.watch<EventObject>(
      `/api/v1/namespaces/${namespace}/events?watch=true&fieldSelector=involvedObject.kind%3DCanary%2CinvolvedObject.name%3D${name}`,
      ({ type, object }) => {
        if (type !== 'ADDED' || known.has(object.metadata.uid)) return;
        known.add(object.metadata.uid);
        events.push({ atMs: performance.now() - began, type: object.type, message: object.message });
      },
    ),
    kubectl.watch<IngressObject>(
      `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses?watch=true&fieldSelector=metadata.name%3D${ingress}-canary`,
      ({ object }) => {
        const weight = Number(
          object.metadata.annotations?.['nginx.ingress.kubernetes.io/canary-weight'] ?? 0,
        );
        if (weights.at(-1) !== weight) weights.push(weight);
      },
    ),
  ];
  return {
    begin() {
      [events, weights, began] = [[], [], performance.now()];
    },
    get events() {
      return events;
    },
    get weights() {
      return weights;
    },
    get phase() {
      return phase;
    },
    end() {
      for (const end of endings) end();
    },
  };
}
