import type { Canary } from '../../api/canary.js';
import { serviceNames } from '../../api/defaults.js';
import type { Kind, KubeObject } from '../../api/kinds.js';
import { unmanagedByToolkit } from '../../api/ownership.js';
import type { ObjectKey } from '../../ports/cluster.js';
import type { Backends } from './introduction.js';

/** An object of a mesh or gateway: its spec and status belong to a schema that perch knows in part. */
export interface RoutingObject<Spec = Readonly<Record<string, unknown>>> extends KubeObject {
  spec?: Spec;
  status?: Readonly<Record<string, unknown>>;
}

/** A routing object as it should be. */
export interface Blueprint {
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: object;
  /** Fields beside `spec`, such as Kuma's `mesh`. */
  readonly beside?: Readonly<Record<string, unknown>>;
  /** Fields of the spec that the blueprint does not have are others' to set: they stay. @default false */
  readonly sharesSpec?: boolean;
  /** For proxies that have to know a Service before they are led to it. @default - they need not */
  readonly backends?: Backends;
  /** Whether the proxies' controller has taken the object as it stands. @default - that cannot be known: always */
  readonly isInForce?: (live: RoutingObject) => boolean;
}

/** Labels and annotations that `spec.service.apex` gives the routing objects, Flux kept away. */
export function apexMetadata({ spec }: Canary): Pick<Blueprint, 'labels' | 'annotations'> {
  const { labels, annotations } = spec.service?.apex ?? {};
  return { ...(labels && { labels }), annotations: { ...annotations, ...unmanagedByToolkit } };
}

/** Key of an object in the canary's namespace. */
export function besideCanary(canary: Canary, name: string): ObjectKey {
  return { namespace: canary.metadata.namespace ?? '', name };
}

/** Key of the routing object that is named after the apex Service. */
export function apexKey(canary: Canary): ObjectKey {
  return besideCanary(canary, serviceNames(canary).apex);
}
