import type { KubeObject } from '../../lib/api/kinds.js';
import { ApiError, type Cluster } from '../../lib/ports/cluster.js';
import type { Alert } from '../../lib/ports/notifier.js';
import type { ApiRequest } from '../../lib/sim/cluster/virtualCluster.js';

/** What an API server says that has just been started. */
export const unavailable = new ApiError(503, 'ServiceUnavailable', 'the server is starting');

/** Does a request of the controller fail? */
export type Fault = (request: ApiRequest) => boolean;

/** How the pods of a version behave. */
export interface VersionBehaviour {
  readonly health?: 'ready' | 'neverReady';
  /** Share of requests that fail, 0 to 1. */
  readonly errorRate?: number;
}

/** What the controller posted to a hook. */
export interface Posted {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly metadata?: Readonly<Record<string, string>> };
}

/**
 * What a scenario is played on: an API server, workloads, a router, load tester gates and a controller. There is one
 * on the virtual cluster (virtualGround.ts) and one on a real API server (cluster/clusterGround.ts).
 */
export interface Ground {
  readonly cluster: Cluster;
  /** Applies the objects in order. */
  apply(objects: readonly KubeObject[]): Promise<void>;
  startController(): Promise<void>;
  /** Ends the controller in the middle of whatever it does, as a lost node does. */
  stopController(): Promise<void>;
  /** Lets time pass until the condition holds; false when it does not within `limitMs`. */
  until(condition: () => boolean | Promise<boolean>, limitMs: number): Promise<boolean>;
  elapse(ms: number): Promise<void>;
  behave(tag: string, behaviour: VersionBehaviour): void;
  /** Opens or closes a gate of the load tester for the canary. */
  gate(path: 'gate/open' | 'gate/close' | 'rollback/open' | 'rollback/close'): Promise<void>;
  /** Percent of users by the tag of the version that serves them; with a header, of users who send it. */
  users(headers?: Readonly<Record<string, string>>): Readonly<Record<string, number>>;
  readonly alerts: readonly Alert[];
  /** What was posted to the load tester, in order. */
  readonly posts: readonly Posted[];
  /** From now on the controller's requests for which it holds fail, with 503 if nothing else is said; undefined: none. */
  fail(fault: Fault | undefined, answer?: ApiError): void;
  /** Cuts every watch of the controller, as a restart of the API server does. */
  disconnect(): void;
  /** Ends what it runs and removes what it made. */
  dispose(): Promise<void>;
}
