import { Canaries } from '../api/canary.js';
import { decide } from '../core/decide.js';
import { createAlerts } from './alerts.js';
import { createUnfinished } from './apply/unfinished.js';
import { createAsk } from './ask.js';
import type { Caches } from './cache/caches.js';
import { createObjects } from './cache/objects.js';
import { createRecorder } from './events.js';
import type { ControllerOptions, ControllerPorts } from './options.js';
import type { Outbox } from './outbox.js';
import type { PassContext } from './pass.js';
import { createRouting } from './routing.js';
import { createTargets } from './targets/registry.js';
import { createTelemetry } from './telemetry.js';

export interface Foundations {
  readonly caches: Caches;
  readonly outbox: Outbox;
  readonly signal: AbortSignal;
}

/** Puts the parts of a controller together; each knows only what it is given here. */
export function createContext(
  options: ControllerOptions,
  ports: ControllerPorts,
  { caches, outbox, signal }: Foundations,
): PassContext {
  const { cluster, clock, http, log, random } = ports;
  const { meshProvider, metricsServer, clusterName, noCrossNamespaceRefs, eventWebhook } = options;
  const { selectorLabels, includeLabelPrefixes, ingressAnnotationsPrefix } = options;
  const { metricProviders, queries, notifiers, globalNotifier } = ports;
  const objects = createObjects(cluster, caches);
  const routing = createRouting(ports.routers, { objects, ingressAnnotationsPrefix }, meshProvider);
  const targetOf = createTargets({
    objects,
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
  const measuring = { objects, http, clock, metricProviders, queries, metricsServer, meshProvider };
  return {
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
    recorder: createRecorder({ cluster, clock, random, http, log, outbox, eventWebhook, signal }),
    alerts: createAlerts({ objects, http, log, outbox, notifiers, globalNotifier }),
    ask: createAsk({ http, clock, signal }, measuring, telemetry),
  };
}
