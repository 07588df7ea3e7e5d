import { binomial } from '../chance.js';
import { isSameCount } from '../dataPlanes/dataPlane.js';
import type { Histogram, Spread } from '../prometheus/histogram.js';
import { type Counter, Target } from '../prometheus/target.js';
import type { SeededRandom } from '../random.js';
import { type Answering, answering, type Behaviours, type FullBehaviour } from './behaviours.js';
import { latencySpread } from './latency.js';
import type { Pod } from './pods.js';
import type { Destination } from './routing.js';
import type { TrafficSource } from './traffic.js';

/** A request's way through the network of one cluster, there and back. */
const networkSeconds = 0.001;

type CountedRequest = Pick<TrafficSource, 'path' | 'headers' | 'synthetic'>;

/** Requests that one version answered, for reports. */
export interface Tally {
  requests: number;
  failures: number;
  /** Those of users: not made by load tests. */
  userRequests: number;
  userFailures: number;
}

/** Where answers of one status are counted. */
interface Meters {
  readonly own: Histogram;
  /** Those of the proxies on its way. */
  readonly requests: readonly Counter[];
  readonly durations: readonly Histogram[];
}

/** How one kind of request goes to one pod, is answered, and is counted. */
interface Exchange {
  /** The last one: each change of a route makes another. */
  destination: Destination;
  readonly behaviour: FullBehaviour;
  readonly answering: Answering;
  /** How long the pod takes, and how long that is for the router. */
  readonly own: Spread;
  readonly routed: Spread;
  /** By status code; there from the first such answer on. */
  readonly meters: Map<number, Meters>;
}

/** Is what goes to both places counted as one? */
function isSameWay({ counts: a }: Destination, { counts: b }: Destination): boolean {
  return a === b || (a.length === b.length && a.every((count, index) => isSameCount(count, b[index]!)));
}

interface Application {
  readonly target: Target;
  /** Of the pod, when it was last looked at. */
  readonly restarts: number;
}

/** What the router's and the applications' processes count as requests pass. */
export class Counting {
  readonly router: Target;
  private readonly applications = new Map<Pod, Application>();
  private readonly tallies = new Map<string, Tally>();
  private readonly exchanges = new WeakMap<CountedRequest, WeakMap<Pod, Exchange[]>>();

  constructor(
    private readonly random: SeededRandom,
    private readonly behaviours: Behaviours,
  ) {
    const labels = { job: 'kubernetes-pods', controller_class: 'k8s.io/ingress-nginx' };
    this.router = new Target(labels, random.fork('router'));
    this.router.counter('nginx_ingress_controller_build_info', {}).value = 1;
  }

  /** By image; requests that nobody answered stand under ''. */
  tally(): ReadonlyMap<string, Readonly<Tally>> {
    return this.tallies;
  }

  /** The application's `/metrics` of a pod, with the labels of the usual `kubernetes-pods` job. */
  application(pod: Pod): Target {
    const known = this.applications.get(pod);
    if (known?.restarts === pod.restarts) return known.target;
    if (known) known.target.restart();
    const target = known?.target ?? this.newApplication(pod);
    this.applications.set(pod, { target, restarts: pod.restarts });
    return target;
  }

  forget(pod: Pod): Target | undefined {
    const known = this.applications.get(pod);
    this.applications.delete(pod);
    return known?.target;
  }

  private newApplication(pod: Pod): Target {
    const labels = {
      ...Object.fromEntries(
        Object.entries(pod.labels).map(([name, value]) => [name.replace(/\W/g, '_'), value]),
      ),
      job: 'kubernetes-pods',
      kubernetes_namespace: pod.namespace,
      kubernetes_pod_name: pod.name,
    };
    return new Target(labels, this.random.fork(`${pod.namespace}/${pod.name}`));
  }

  /** `count` requests up to `at` (epoch ms) go to the destination, spread evenly over its pods. */
  requests(destination: Destination, request: CountedRequest, count: number, at: number): void {
    const { pods } = destination;
    if (pods.length === 0) this.unanswered(destination, request, count);
    const offset = Math.floor(this.random.next() * pods.length);
    pods.forEach((pod, index) => {
      const rank = (index + offset) % pods.length;
      const share = Math.floor((count * (rank + 1)) / pods.length) - Math.floor((count * rank) / pods.length);
      if (share > 0) this.answered(destination, pod, request, share, at);
    });
  }

  private answered(
    destination: Destination,
    pod: Pod,
    request: CountedRequest,
    count: number,
    at: number,
  ): void {
    const exchange = this.exchange(destination, pod, request, at);
    const [usual, failing] = exchange.answering.statuses;
    const failures = binomial(this.random, count, failing.share);
    this.alike(exchange, pod, request, usual.code, count - failures);
    this.alike(exchange, pod, request, failing.code, failures);
  }

  /** Counts answers of one code. */
  private alike(exchange: Exchange, pod: Pod, request: CountedRequest, code: number, times: number): void {
    if (times === 0) return;
    this.note(pod.image, request, times, code);
    let meters = exchange.meters.get(code);
    if (!meters) {
      meters = this.newMeters(exchange.destination, pod, request.path, code);
      exchange.meters.set(code, meters);
    }
    meters.own.observe(times, exchange.own);
    for (const requests of meters.requests) requests.value += times;
    for (const duration of meters.durations) duration.observe(times, exchange.routed);
  }

  /** How a pod answers changes only with its behaviour, or its age; where that is counted not even with the weights. */
  private exchange(destination: Destination, pod: Pod, request: CountedRequest, at: number): Exchange {
    const ofPods = this.exchanges.get(request) ?? new WeakMap<Pod, Exchange[]>();
    this.exchanges.set(request, ofPods);
    const ways = ofPods.get(pod) ?? [];
    ofPods.set(pod, ways);
    const behaviour = this.behaviours.of(pod.image);
    const index = ways.findIndex((way) => isSameWay(way.destination, destination));
    const known = ways[index];
    if (known) known.destination = destination;
    if (known?.behaviour === behaviour && behaviour.degradesOverMs === 0) return known;
    const answers = answering(behaviour, request, at - pod.createdAt);
    const { medianMs, p99Ms } = answers;
    const exchange = {
      destination,
      behaviour,
      answering: answers,
      own: latencySpread(medianMs, p99Ms, 0),
      routed: latencySpread(medianMs, p99Ms, networkSeconds),
      meters: known?.meters ?? new Map<number, Meters>(),
    };
    ways[known ? index : ways.length] = exchange;
    return exchange;
  }

  private newMeters(destination: Destination, pod: Pod, path: string, code: number): Meters {
    const labels = { method: 'GET', path: path === '/' ? 'root' : path.split('/')[1]!, status: String(code) };
    const own = this.application(pod).histogram('http_request_duration_seconds', labels);
    const { router } = this;
    return {
      own,
      requests: destination.counts.flatMap(({ by: { requests }, labels: way }) =>
        requests ? router.counter(requests.name, { ...way, ...requests.labels?.({ pod, code }) }) : [],
      ),
      durations: destination.counts.flatMap(({ by, labels: way }) =>
        by.durations.map(({ name, labels: more, perSecond }) =>
          router.histogram(name, { ...way, ...more?.({ pod, code }) }, perSecond),
        ),
      ),
    };
  }

  /** No ready pod: ingress-nginx answers 503 by itself. */
  private unanswered(destination: Destination, request: CountedRequest, count: number): void {
    this.note('', request, count, 503);
    for (const { by, labels } of destination.counts) {
      const { requests, unanswered } = by;
      if (requests && unanswered)
        this.router.counter(requests.name, { ...labels, ...unanswered }).value += count;
    }
  }

  private note(image: string, { synthetic }: CountedRequest, requests: number, code: number): void {
    const tally = this.tallies.get(image) ?? { requests: 0, failures: 0, userRequests: 0, userFailures: 0 };
    const failures = code >= 500 ? requests : 0;
    tally.requests += requests;
    tally.failures += failures;
    tally.userRequests += synthetic ? 0 : requests;
    tally.userFailures += synthetic ? 0 : failures;
    this.tallies.set(image, tally);
  }
}
