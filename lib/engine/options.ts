import type { Clock } from '../ports/clock.js';
import type { Cluster } from '../ports/cluster.js';
import type { Http } from '../ports/http.js';
import type { Log } from '../ports/log.js';
import type { MetricProviderFactory, Queries } from '../ports/metrics.js';
import type { Notifier, NotifierFactory } from '../ports/notifier.js';
import type { Random } from '../ports/random.js';
import type { RouterFactory } from '../ports/router.js';
import type { LoadTesterOptions } from './hooks/loadTesterToken.js';

/** What a controller is told at start; the flags of docs/flagger-parity.md map to it one to one. */
export interface ControllerOptions {
  /** One namespace, or '' for all. */
  readonly namespace: string;
  /** Provider of canaries that name none. */
  readonly meshProvider: string;
  /** Address of the Prometheus that answers built-in metrics. */
  readonly metricsServer: string;
  readonly selectorLabels: readonly string[];
  /** Prefixes of labels copied to primaries; `*` is all. */
  readonly includeLabelPrefixes: readonly string[];
  readonly ingressAnnotationsPrefix: string;
  /** Class of the HTTPProxies that are generated for Contour; '' for none. */
  readonly ingressClass: string;
  readonly clusterName: string;
  readonly noCrossNamespaceRefs: boolean;
  /** Changed ConfigMaps and Secrets of a target are released like a new template; the primary has copies of them. */
  readonly configTracking: boolean;
  /** Secrets that pods name are watched one by one, so that rights to them can be given by name. @default false */
  readonly secretsByName?: boolean;
  /** URL that every event of canaries without an event hook is posted to; '' for none. */
  readonly eventWebhook: string;
  /** The load tester that is sent a token. @default - none: hooks go out as Flagger's do */
  readonly loadTester?: LoadTesterOptions;
  /** Canaries handled at the same time. */
  readonly concurrency: number;
  /** Of this program, for `flagger_info`. @default '' */
  readonly version?: string;
}

/** What a controller needs of the world, and the variants it may choose from by name. */
export interface ControllerPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly http: Http;
  readonly log: Log;
  readonly routers: Readonly<Record<string, RouterFactory>>;
  readonly metricProviders: Readonly<Record<string, MetricProviderFactory>>;
  readonly queries: Queries;
  readonly notifiers: Readonly<Record<string, NotifierFactory>>;
  /** Told of canaries that name no alert of their own. */
  readonly globalNotifier?: Notifier;
}
