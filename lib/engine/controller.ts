import { AlertProviders } from '../api/alertProvider.js';
import { Canaries } from '../api/canary.js';
import type { Kind } from '../api/kinds.js';
import { MetricTemplates } from '../api/metricTemplate.js';
import { Deployments, HorizontalPodAutoscalers, Services } from '../api/workloads.js';
import { createCaches } from './cache/caches.js';
import { createContext } from './context.js';
import { reportFailure } from './failure.js';
import type { ControllerOptions, ControllerPorts } from './options.js';
import { createOutbox } from './outbox.js';
import { neededKinds, pass } from './pass.js';
import { createQueue } from './queue.js';
import { createReferences } from './wiring/references.js';
import { createWaker } from './wiring/waker.js';

export interface Controller {
  /** Resolves with the caches full and the workers running; rejects with a PerchError when a CRD is missing. */
  start(): Promise<void>;
  /** Resolves when no pass is under way and nothing more will be written. */
  stop(): Promise<void>;
  /** The controller's own metrics in Prometheus' text format. */
  metrics(): Promise<string>;
  /** False before `start` and after `stop`. */
  healthy(): boolean;
}

/** What every canary needs to be watched, whatever its router. */
const KINDS: readonly Kind[] = [
  Canaries,
  MetricTemplates,
  AlertProviders,
  Deployments,
  Services,
  HorizontalPodAutoscalers,
];
/** Milliseconds that events and alerts on their way get when the controller stops. */
const FAREWELL_MS = 2_000;

/** A controller that is started where `flagger` was: it acts on every Canary of its namespace, or of all. */
export function createController(options: ControllerOptions, ports: ControllerPorts): Controller {
  const abort = new AbortController();
  const queue = createQueue({
    clock: ports.clock,
    concurrency: options.concurrency,
    handle: (key, aside) => pass({ ...context, aside }, key),
    failed: (key, error, retryInMs) => {
      if (!abort.signal.aborted) reportFailure(context, ports.log, key, error, retryInMs);
    },
  });
  const found = createReferences();
  const listen = createWaker({
    found,
    wake: queue.add,
    routingKinds: (canary) => neededKinds(context, canary),
    gone(key) {
      context.recorder.forget(key);
      context.alerts.forget(key);
      context.forgetConfigs(key);
      context.unfinished.forget(key);
      context.rivals.forget(key);
      context.turns.forget(key);
      context.routing.forget(key);
      queue.forget(key);
    },
  });
  const caches = createCaches(ports, options.namespace, listen);
  const outbox = createOutbox({ clock: ports.clock, attempts: 6, firstRetryMs: 500, limit: 200 });
  const context = createContext(options, ports, { caches, outbox, found, signal: abort.signal });
  let running = false;

  return {
    async start() {
      try {
        await Promise.all(KINDS.map((kind) => caches.ensure(kind)));
      } catch (error) {
        await caches.stop();
        throw error;
      }
      running = !abort.signal.aborted;
      if (!running) return;
      void context.prepareHooks(abort.signal);
      queue.start();
    },
    async stop() {
      running = false;
      abort.abort();
      // first, as a pass may be waiting for one to fill
      await caches.stop();
      await queue.stop();
      await outbox.stop(FAREWELL_MS);
    },
    metrics: () => context.telemetry.text(),
    healthy: () => running,
  };
}
