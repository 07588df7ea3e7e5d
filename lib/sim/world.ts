import type { Kind, KubeObject } from '../api/kinds.js';
import { type Deployment, Deployments, type Event, Events } from '../api/workloads.js';
import type { Controller } from '../engine/controller.js';
import type { ControllerOptions } from '../engine/options.js';
import type { Cluster, ObjectKey } from '../ports/cluster.js';
import type { Discovery } from '../ports/discovery.js';
import type { Http } from '../ports/http.js';
import type { Notifier } from '../ports/notifier.js';
import { VirtualClock } from './clock.js';
import { ApiServer } from './cluster/apiServer.js';
import { collectGarbage } from './cluster/garbage.js';
import { share } from './cluster/presentation.js';
import { type ApiRequest, VirtualCluster } from './cluster/virtualCluster.js';
import { Watches } from './cluster/watches.js';
import { controllerIn, type WorldPorts } from './controller.js';
import { type HttpAnswer, VirtualHttp } from './http.js';
import { modelAutoscalers } from './models/autoscalers.js';
import { type Behaviour, Behaviours, type ImagePattern } from './models/behaviours.js';
import { Counting, type Tally } from './models/counting.js';
import { DaemonSetModel } from './models/daemonSets.js';
import { DeploymentModel } from './models/deployments.js';
import { modelGateways } from './models/gateways.js';
import { withLowerCaseHeaders } from './models/headers.js';
import { Pods } from './models/pods.js';
import type { Ask } from './models/request.js';
import { type Destination, Routing } from './models/routing.js';
import { Telemetry, type TelemetryOptions } from './models/telemetry.js';
import type { TrafficSource } from './models/traffic.js';
import { Addresses } from './network/addresses.js';
import { type Posted, Sinks } from './network/sinks.js';
import { applyObjects } from './objects.js';
import { evaluate } from './promql/evaluation.js';
import { SeededRandom } from './random.js';
import { RecordedLog } from './records.js';
import { restoreState, stateOf, type WorldState } from './state.js';

export interface WorldOptions {
  /** The same seed gives the same run. @default 1 */
  readonly seed?: number | string;
  /** Epoch ms. @default 2026-01-01T00:00:00Z, or where `state` was taken */
  readonly start?: number;
  /**
   * Of another world, which this one goes on from: with a seed of its own, or the names of new objects would be those
   * of old ones. @default - an empty cluster
   */
  readonly state?: WorldState;
  /**
   * Resolves when all that a timer set going has come to rest, where some of it happens outside of this process.
   * @default - as soon as nothing in this process could go on
   */
  readonly settle?: () => Promise<void>;
  readonly behaviours?: readonly { readonly image: ImagePattern; readonly behaviour: Behaviour }[];
  /** @default - no traffic but that of load tests */
  readonly traffic?: readonly TrafficSource[];
  /** Milliseconds between two scrapes. @default 5000 */
  readonly scrapeIntervalMs?: number;
  /** Milliseconds from a scrape until queries see its samples. @default 0 */
  readonly scrapeDelayMs?: number;
  /** Spans without scrapes, epoch ms. @default - none */
  readonly scrapeGaps?: readonly { readonly fromMs: number; readonly toMs: number }[];
  /** False: no Prometheus scrapes the router. @default true */
  readonly scrapesRouter?: boolean;
  /** Milliseconds after a change until watchers get a bookmark. @default 60000 */
  readonly bookmarkIntervalMs?: number;
  /** Changes a watch can go back to. @default 1000 */
  readonly historyLimit?: number;
}

interface StartOptions {
  readonly options?: Partial<ControllerOptions>;
  readonly globalNotifier?: Notifier;
  /** Called before each of its API requests is served; what it throws is the answer. @default - nothing fails */
  readonly intercept?: (request: ApiRequest) => void;
  /** What it is given in place of the world's own ports, for faults beyond a refused request. @default - the ports */
  readonly through?: (ports: WorldPorts) => WorldPorts;
}

export interface World {
  readonly clock: VirtualClock;
  /** A connection to the virtual API server, as kubectl has one. */
  readonly cluster: Cluster & Discovery;
  readonly http: Http;
  readonly random: SeededRandom;
  readonly log: RecordedLog;
  /** Server-side apply of the objects in order, as `kubectl apply` does; time does not pass. */
  apply(objects: readonly KubeObject[]): void;
  /** `kubectl set image`: of the first container. */
  setImage(namespace: string, deployment: string, image: string): void;
  /** From now on the versions whose image matches behave so; the last such call wins. */
  behave(image: ImagePattern, behaviour: Behaviour): void;
  /** Requests that start now, or at the source's own time. */
  addTraffic(source: TrafficSource): void;
  /** Posts to this host are taken and shown by `alerts()`; Teams' and Slack's hosts are known. */
  addSink(host: string | RegExp): void;
  /** Requests that it answers do not go their usual way; the last such call wins. */
  answer(answer: HttpAnswer): void;
  /** An object as it is now, not to be changed; undefined when there is none. */
  read<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined;
  /** The router's processes start anew: their counters begin at 0. */
  restartRouter(): void;
  /** Where a request would go at this moment. */
  route(request: Ask): readonly Destination[];
  /** What the virtual Prometheus answers now: a scalar, or the first sample. Throws a QueryError. */
  query(promql: string): number | undefined;
  /** Event objects of the cluster, oldest first. */
  events(): Event[];
  /** What was posted to the outside. */
  alerts(): readonly Posted[];
  /** Requests and failures up to now, by the image that answered; '' for those that nobody answered. */
  tally(): ReadonlyMap<string, Readonly<Tally>>;
  /** API requests of all controllers started here, in order. */
  requests(): readonly ApiRequest[];
  /** Starts a controller of this repository in the world. Let time pass for it to work. */
  startController(start?: StartOptions): Promise<Controller>;
  /** Cuts every watch, as a restart of the API server does. */
  disconnect(): void;
  /** What a cluster keeps when every controller of it is started anew. */
  state(): WorldState;
}

/** The parts of the world that act by themselves. */
function populate(
  random: SeededRandom,
  clock: VirtualClock,
  server: ApiServer,
  scrape: Omit<TelemetryOptions, 'retentionMs'>,
) {
  const behaviours = new Behaviours();
  const pods = new Pods();
  const routing = new Routing(server, pods);
  const counting = new Counting(random.fork('requests'), behaviours);
  const telemetry = new Telemetry(
    { server, clock, random: random.fork('routes'), pods, routing, counting },
    { ...scrape, retentionMs: 3_600_000 },
  );
  const workloads = new DeploymentModel({ server, clock, random: random.fork('pods'), pods, behaviours });
  new DaemonSetModel({ server, clock, random: random.fork('daemons'), pods, behaviours });
  modelAutoscalers(server, clock);
  modelGateways(server, clock);
  collectGarbage(server, clock);
  const addresses = new Addresses(server, routing, random.fork('balancing'));
  return { behaviours, pods, routing, counting, telemetry, workloads, addresses };
}

class VirtualWorld implements World {
  readonly clock: VirtualClock;
  readonly cluster: Cluster & Discovery;
  readonly http: Http;
  readonly random: SeededRandom;
  readonly log: RecordedLog;
  private readonly server: ApiServer;
  private readonly watches: Watches;
  private readonly parts: ReturnType<typeof populate>;
  private readonly sinks = new Sinks();
  private readonly answers: HttpAnswer[] = [];
  private readonly controllers: VirtualCluster[] = [];

  constructor(options: WorldOptions) {
    this.random = new SeededRandom(options.seed ?? 1);
    this.clock = new VirtualClock(options.start ?? options.state?.at ?? Date.UTC(2026, 0, 1), options.settle);
    this.server = new ApiServer({
      now: () => this.clock.now(),
      random: this.random.fork('objects'),
      historyLimit: options.historyLimit ?? 1000,
    });
    this.watches = new Watches(this.server.store, this.clock, options.bookmarkIntervalMs ?? 60_000);
    this.parts = populate(this.random, this.clock, this.server, {
      scrapeIntervalMs: options.scrapeIntervalMs ?? 5000,
      scrapesRouter: options.scrapesRouter ?? true,
      delayMs: options.scrapeDelayMs ?? 0,
      gaps: options.scrapeGaps ?? [],
    });
    this.cluster = new VirtualCluster(this.server, this.watches, 'kubectl');
    this.log = new RecordedLog(this.clock);
    const { behaviours, addresses, telemetry } = this.parts;
    const random = this.random.fork('answers');
    this.http = new VirtualHttp({
      clock: this.clock,
      random,
      behaviours,
      addresses,
      telemetry,
      sinks: this.sinks,
      answers: this.answers,
    });
    for (const { image, behaviour } of options.behaviours ?? []) behaviours.set(image, behaviour);
    for (const source of options.traffic ?? []) telemetry.add(source);
    if (options.state) restoreState(options.state, this.server.store, this.parts.pods);
  }

  apply(objects: readonly KubeObject[]): void {
    applyObjects(this.server, objects);
  }

  setImage(namespace: string, name: string, image: string): void {
    const { object } = this.server.get(Deployments, { namespace, name });
    const [first, ...rest] = (object as Deployment).spec.template.spec.containers;
    const spec = { template: { spec: { containers: [{ ...first, image }, ...rest] } } };
    this.server.patch(Deployments, { namespace, name }, 'merge', { spec }, 'kubectl-set');
  }

  behave(image: ImagePattern, behaviour: Behaviour): void {
    this.parts.telemetry.settle();
    this.parts.behaviours.set(image, behaviour);
    this.parts.workloads.refresh();
  }

  addTraffic(source: TrafficSource): void {
    this.parts.telemetry.add({ startMs: this.clock.now(), ...source });
  }

  addSink(host: string | RegExp): void {
    this.sinks.add(host);
  }

  answer(answer: HttpAnswer): void {
    this.answers.push(answer);
  }

  read<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined {
    return this.server.store.find(this.server.kinds.find(kind), key)?.object as T | undefined;
  }

  restartRouter(): void {
    this.parts.telemetry.settle();
    this.parts.counting.router.restart();
  }

  route(request: Ask): readonly Destination[] {
    return this.parts.routing.through(withLowerCaseHeaders(request));
  }

  query(promql: string): number | undefined {
    this.parts.telemetry.settleScrapes();
    const value = evaluate(promql, this.parts.telemetry.store, this.clock.now());
    const found =
      value.type === 'scalar' ? value.value : value.type === 'vector' ? value.samples[0]?.value : undefined;
    return Number.isNaN(found) ? undefined : found;
  }

  events(): Event[] {
    const version = (event: Event) => Number(event.metadata.resourceVersion);
    return this.server
      .list(Events)
      .map(({ object }) => object as Event)
      .toSorted((a, b) => version(a) - version(b));
  }

  alerts(): readonly Posted[] {
    return this.sinks.posts();
  }

  tally(): ReadonlyMap<string, Readonly<Tally>> {
    this.parts.telemetry.settle();
    return this.parts.counting.tally();
  }

  requests(): readonly ApiRequest[] {
    return this.controllers.flatMap((connection) => connection.requests());
  }

  async startController({
    options = {},
    globalNotifier,
    intercept,
    through = (ports) => ports,
  }: StartOptions = {}): Promise<Controller> {
    const { clock, http, log } = this;
    const cluster = new VirtualCluster(this.server, this.watches, 'perch', intercept, share);
    this.controllers.push(cluster);
    const random = this.random.fork(`controller ${this.controllers.length}`);
    const ports = { cluster, clock, random, http, log, ...(globalNotifier && { globalNotifier }) };
    const controller = controllerIn(through(ports), options);
    await controller.start();
    return controller;
  }

  disconnect(): void {
    this.watches.disconnect();
  }

  state(): WorldState {
    return stateOf(this.clock, this.server.store, this.parts.pods);
  }
}

/** A virtual cluster with its clock, network, workloads and traffic. Nothing in it happens until its clock advances. */
export function createWorld(options: WorldOptions = {}): World {
  return new VirtualWorld(options);
}
