import type { Random } from '../../ports/random.js';
import { binomial } from '../chance.js';
import type { Labels } from '../prometheus/labels.js';
import { bounds, type Counter, type Histogram, observe, Target } from '../prometheus/target.js';
import { answering, type Behaviours } from './behaviours.js';
import { drawLatencies, type LatencyShape, latencyShape } from './latency.js';
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

/** Where answers of one pod, path, status and way are counted. */
interface Meters {
  readonly path: string;
  readonly code: number;
  readonly own: Histogram;
  /** Absent for requests that do not pass the router. */
  readonly routed?: { readonly requests: Counter; readonly seconds: Histogram };
}

/** What the router's and the applications' processes count as requests pass. */
export class Counting {
  readonly router = new Target({ job: 'kubernetes-pods', controller_class: 'k8s.io/ingress-nginx' });
  private readonly applications = new Map<Pod, Target>();
  private readonly restarts = new WeakMap<Pod, number>();
  private readonly tallies = new Map<string, Tally>();
  private readonly metersOf = new WeakMap<Destination, Map<Pod, Meters[]>>();

  constructor(
    private readonly random: Random,
    private readonly behaviours: Behaviours,
  ) {
    this.router.counter('nginx_ingress_controller_build_info', {}).value = 1;
  }

  /** By image; requests that nobody answered stand under ''. */
  tally(): ReadonlyMap<string, Readonly<Tally>> {
    return this.tallies;
  }

  /** The application's `/metrics` of a pod, with the labels of the usual `kubernetes-pods` job. */
  application(pod: Pod): Target {
    const known = this.applications.get(pod);
    if (known && this.restarts.get(pod) !== pod.restarts) known.restart();
    this.restarts.set(pod, pod.restarts);
    if (known) return known;
    const target = new Target({
      ...Object.fromEntries(
        Object.entries(pod.labels).map(([name, value]) => [name.replace(/\W/g, '_'), value]),
      ),
      job: 'kubernetes-pods',
      kubernetes_namespace: pod.namespace,
      kubernetes_pod_name: pod.name,
    });
    this.applications.set(pod, target);
    return target;
  }

  forget(pod: Pod): Target | undefined {
    const target = this.applications.get(pod);
    this.applications.delete(pod);
    return target;
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
    const behaviour = this.behaviours.of(pod.image);
    const { statuses, medianMs, p99Ms } = answering(behaviour, request, at - pod.createdAt);
    const failing = statuses[1]!;
    const failures = binomial(this.random, count, failing.share);
    const outcomes = [
      { code: statuses[0]!.code, times: count - failures },
      { code: failing.code, times: failures },
    ];
    for (const { code, times } of outcomes) {
      if (times === 0) continue;
      this.note(pod.image, request, times, code);
      const { own, routed } = this.meters(destination, pod, request.path, code);
      if (routed) routed.requests.value += times;
      this.observe(own, times, latencyShape(medianMs, p99Ms, 0, bounds));
      if (routed) this.observe(routed.seconds, times, latencyShape(medianMs, p99Ms, networkSeconds, bounds));
    }
  }

  private observe(histogram: Histogram, times: number, shape: LatencyShape): void {
    const counts = drawLatencies(this.random, times, shape);
    const seconds = counts.reduce((sum, count, bucket) => sum + (count && count * shape.means[bucket]!), 0);
    observe(histogram, counts, seconds);
  }

  private meters(destination: Destination, pod: Pod, path: string, code: number): Meters {
    const ofPods = this.metersOf.get(destination) ?? new Map<Pod, Meters[]>();
    this.metersOf.set(destination, ofPods);
    const known = ofPods.get(pod) ?? [];
    ofPods.set(pod, known);
    const found = known.find((meters) => meters.code === code && meters.path === path);
    if (found) return found;
    const made = this.newMeters(destination, pod, path, code);
    known.push(made);
    return made;
  }

  private newMeters(destination: Destination, pod: Pod, path: string, code: number): Meters {
    const labels = { method: 'GET', path: path === '/' ? 'root' : path.split('/')[1]!, status: String(code) };
    const own = this.application(pod).histogram('http_request_duration_seconds', labels);
    if (destination.mesh) return { path, code, own, routed: this.meshed(pod, code) };
    if (destination.cluster) return { path, code, own, routed: this.upstream(destination.cluster, code) };
    const routed = this.routed(destination, code);
    if (!routed) return { path, code, own };
    const requests = this.router.counter('nginx_ingress_controller_requests', routed);
    const seconds = this.router.histogram('nginx_ingress_controller_response_duration_seconds', routed);
    return { path, code, own, routed: { requests, seconds } };
  }

  /** What the proxy beside the pod counts. */
  private meshed(pod: Pod, code: number): NonNullable<Meters['routed']> {
    const labels = {
      reporter: 'destination',
      destination_workload_namespace: pod.namespace,
      destination_workload: pod.name.replace(/-[^-]+-[^-]+$/, ''),
      response_code: String(code),
    };
    return {
      requests: this.router.counter('istio_requests_total', labels),
      seconds: this.router.histogram('istio_request_duration_milliseconds', labels, 1000),
    };
  }

  /** What the Envoy of a Gateway counts; its histogram knows no codes. */
  private upstream(cluster: string, code: number): NonNullable<Meters['routed']> {
    const labels = { envoy_cluster_name: cluster };
    return {
      requests: this.router.counter('envoy_cluster_upstream_rq', {
        ...labels,
        envoy_response_code: String(code),
      }),
      seconds: this.router.histogram('envoy_cluster_upstream_rq_time', labels, 1000),
    };
  }

  /** No ready pod: ingress-nginx answers 503 by itself. */
  private unanswered(destination: Destination, request: CountedRequest, count: number): void {
    this.note('', request, count, 503);
    const labels = this.routed(destination, 503);
    if (labels) this.router.counter('nginx_ingress_controller_requests', labels).value += count;
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

  private routed({ ingress }: Destination, code: number): Labels | undefined {
    return ingress && { ...ingress, method: 'GET', status: String(code) };
  }
}
