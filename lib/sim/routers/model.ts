import type { Kind, KubeObject } from '../../api/kinds.js';
import type { Count, DataPlane } from '../dataPlanes/dataPlane.js';
import type { Ask } from '../models/request.js';

/** A Service that a share of the requests goes to. */
export interface Backend {
  readonly namespace: string;
  readonly service: string;
  readonly port?: number;
  /** 0 to 1. */
  readonly share: number;
  /** Who counts these requests, and as what. @default - nobody */
  readonly counts?: readonly Count[];
  /** The Service itself is asked, so that a mesh may choose the pods. @default - the router chooses them */
  readonly asksService?: boolean;
}

/** What a router sees of the cluster. */
export interface View {
  readonly list: <T extends KubeObject>(kind: Kind<T>) => readonly T[];
  /** Whether a Service has a ready pod. */
  readonly isReady: (namespace: string, service: string) => boolean;
}

/** An object of the user's by which requests from outside come to what perch writes. */
export interface Door {
  /** Whatever its version. */
  readonly kind: Kind;
  /** Hosts that it answers for; `*` for any. */
  readonly hosts: (object: KubeObject) => readonly string[];
  /** Names of the objects or Services that it leads to. */
  readonly leadsTo: (object: KubeObject) => readonly string[];
  /** What the user has to declare, in words before the name of the release. @default - users come in without */
  readonly required?: string;
}

/** A router or mesh of the virtual cluster: it obeys its routing objects, and counts as its proxies do. */
export interface RouterModel {
  /** Kinds of its objects, the users' and perch's. */
  readonly kinds: readonly Kind[];
  /** Where its objects send a request; undefined when none of them takes it. */
  readonly route: (view: View, request: Ask) => readonly Backend[] | undefined;
  /** Who counts its requests. */
  readonly dataPlanes: readonly DataPlane[];
  /** By which users come in. @default - what perch writes has the hosts, or users ask the Service */
  readonly door?: Door;
  /** What its controller answers to an object that it has seen. @default - nothing */
  readonly accepts?: readonly Acceptance[];
}

/** A controller that says of an object that it has taken it. */
export interface Acceptance {
  readonly kind: Kind;
  /** The generation that the object's status speaks of; -1 when it has none. */
  readonly observed: (object: KubeObject) => number;
  readonly status: (object: KubeObject) => object;
}
