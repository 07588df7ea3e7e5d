import type { Canary } from '../../api/canary.js';
import { primaryName, primaryScalerName, serviceNames } from '../../api/defaults.js';
import type { Kind } from '../../api/kinds.js';
import {
  DaemonSets,
  Deployments,
  HorizontalPodAutoscalers,
  ScaledObjects,
  Services,
} from '../../api/workloads.js';
import type { ObjectKey } from '../../ports/cluster.js';
import { kindText } from '../cache/caches.js';

const TARGETS: Readonly<Record<string, Kind>> = { DaemonSet: DaemonSets, Service: Services };
const SCALERS: Readonly<Record<string, Kind>> = { ScaledObject: ScaledObjects };

/** Names that routing objects of a canary have: those it names, the copies of them, and those named after Services. */
function routingNames(canary: Canary): string[] {
  const { apex, primary, canary: own } = serviceNames(canary);
  const { ingressRef, ingressRefs = [], routeRef, upstreamRef } = canary.spec;
  const named = [ingressRef, ...ingressRefs, routeRef, upstreamRef]
    .map((ref) => ref?.name)
    .filter((name) => name !== undefined);
  return [
    apex,
    primary,
    own,
    canary.spec.targetRef.name,
    ...named.flatMap((name) => [name, `${name}-canary`, `${name}-${apex}-canary`]),
  ];
}

/** Every object that a decision about the canary may depend on, as texts by which to find it again. */
export function referencesOf(canary: Canary, routing: readonly Kind[]): string[] {
  const namespace = canary.metadata.namespace ?? '';
  const { targetRef, autoscalerRef } = canary.spec;
  const target = TARGETS[targetRef.kind] ?? Deployments;
  const workloads = [targetRef.name, primaryName(canary), `${targetRef.name}-canary`]
    .slice(0, target === Services ? 3 : 2)
    .map((name) => referenceTo(target, { namespace, name }));
  const services = Object.values(serviceNames(canary)).map((name) =>
    referenceTo(Services, { namespace, name }),
  );
  const scalers = [autoscalerRef?.name, primaryScalerName(canary)]
    .filter((name) => name !== undefined)
    .map((name) =>
      referenceTo(SCALERS[autoscalerRef?.kind ?? ''] ?? HorizontalPodAutoscalers, { namespace, name }),
    );
  const routes = routing.flatMap((kind) =>
    routingNames(canary).map((name) =>
      referenceTo(kind, { namespace: kind.namespaced ? namespace : '', name }),
    ),
  );
  return [...new Set([...workloads, ...services, ...scalers, ...routes])];
}

export function referenceTo(kind: Kind, key: ObjectKey): string {
  return `${kindText(kind)}/${key.namespace}/${key.name}`;
}

/** Which canaries refer to an object. */
export interface References {
  set(canary: string, references: readonly string[]): void;
  remove(canary: string): void;
  of(reference: string): ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

export function createReferences(): References {
  const byCanary = new Map<string, readonly string[]>();
  const byObject = new Map<string, Set<string>>();
  const remove = (canary: string): void => {
    for (const reference of byCanary.get(canary) ?? []) {
      const canaries = byObject.get(reference);
      canaries?.delete(canary);
      if (canaries?.size === 0) byObject.delete(reference);
    }
    byCanary.delete(canary);
  };
  return {
    set(canary, references) {
      remove(canary);
      byCanary.set(canary, references);
      for (const reference of references) {
        const canaries = byObject.get(reference) ?? new Set();
        byObject.set(reference, canaries.add(canary));
      }
    },
    remove,
    of: (reference) => byObject.get(reference) ?? NONE,
  };
}
