import { Canaries } from '../api/canary.js';
import { createMemo } from '../api/memo.js';
import { decide } from '../core/decide.js';
import type { MetricProvider } from '../ports/metrics.js';
import { createAlerts } from './alerts.js';
import { createUnfinished } from './apply/unfinished.js';
import { createAsk } from './ask.js';
import type { Caches } from './cache/caches.js';
import { createObjects } from './cache/objects.js';
import { createRecorder } from './events.js';
import { createLoadTesterToken } from './hooks/loadTesterToken.js';
import { createOnlineChecks } from './measure/onlineChecks.js';
import { createSharedQueries } from './measure/sharedQueries.js';
import type { ControllerOptions, ControllerPorts } from './options.js';
import type { Outbox } from './outbox.js';
import type { PassContext } from './pass.js';
import { createRivals } from './rivals.js';
import { createRouting } from './routing.js';
import { createConfigTracker } from './targets/configs/tracker.js';
import { createConfigWatching } from './targets/configs/watching.js';
import { createTargets } from './targets/registry.js';
import { createTelemetry } from './telemetry.js';
import { createTurns } from './turns.js';
import type { References } from './wiring/references.js';

/** Forty a second: more that are checked together all along are not answered in time by an API server on two cores. */
const BETWEEN_FIRST_STEPS_MS = 25;

export interface Foundations {
  readonly caches: Caches;
  readonly outbox: Outbox;
  readonly found: References;
  readonly signal: AbortSignal;
}

/** What passes need, and what is done once at the start. */
export interface ControllerContext extends Omit<PassContext, 'aside'> {
  prepareHooks(signal: AbortSignal): Promise<void>;
  /** Ends the watches of what only this canary named. */
  forgetConfigs(canary: string): void;
}

/** Puts the parts of a controller together; each knows only what it is given here. */
export function createContext(
  options: ControllerOptions,
  ports: ControllerPorts,
  { caches, outbox, found, signal }: Foundations,
): ControllerContext {
  const { cluster, clock, http, log, random } = ports;
  const { meshProvider, metricsServer, clusterName, noCrossNamespaceRefs, eventWebhook } = options;
  const { selectorLabels, includeLabelPrefixes, ingressAnnotationsPrefix, ingressClass } = options;
  const { metricProviders, queries, notifiers, globalNotifier } = ports;
  const objects = createObjects(cluster, caches);
  const routing = createRouting(
    ports.routers,
    { objects, clock, ingressAnnotationsPrefix, ingressClass },
    meshProvider,
  );
  const watching = createConfigWatching(caches, found, options);
  const configs = createConfigTracker({
    enabled: options.configTracking,
    objects,
    ...watching,
    includeLabelPrefixes,
  });
  const targetOf = createTargets({
    objects,
    configs,
    selectorLabels,
    includeLabelPrefixes,
    uuid: () => random.uuid(),
  });
  const telemetry = createTelemetry({
    version: options.version ?? '',
    meshProvider,
    canaries: () => caches.list(Canaries),
    weightOf: (canary) => routing.last(canary)?.canary ?? canary.status?.canaryWeight ?? 0,
  });
  const credentials = createLoadTesterToken(options.loadTester, ports);
  const measuring = {
    onlineChecks: createOnlineChecks(clock),
    sharedQueries: createSharedQueries(clock),
    metricsServers: createMemo<MetricProvider>(100),
    objects,
    cluster,
    http,
    clock,
    metricProviders,
    queries,
    metricsServer,
    meshProvider,
  };
  return {
    prepareHooks: credentials.prepare,
    forgetConfigs: watching.forget,
    caches,
    unfinished: createUnfinished(),
    clock,
    decide,
    signal,
    objects,
    routing,
    targetOf,
    telemetry,
    clusterName,
    noCrossNamespaceRefs,
    recorder: createRecorder({
      ...{ cluster, clock, random, http, log, outbox },
      ...{ eventWebhook, credentials, signal },
    }),
    rivals: createRivals(log),
    turns: createTurns(BETWEEN_FIRST_STEPS_MS),
    alerts: createAlerts({ objects, http, log, outbox, notifiers, globalNotifier }),
    ask: createAsk({ http, clock, credentials, signal }, measuring, telemetry),
  };
}
