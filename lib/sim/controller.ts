import { type Controller, createController } from '../engine/controller.js';
import type { ControllerOptions, ControllerPorts } from '../engine/options.js';
import { queries } from '../metrics/queries.js';
import { metricProviders } from '../metrics/registry.js';
import { notifiers } from '../notifiers/registry.js';
import { routers } from '../routers/registry.js';

/** As `perch controller` is started by the platform: ingress-nginx, and a Prometheus in `monitoring`. */
const usual: ControllerOptions = {
  namespace: '',
  meshProvider: 'nginx',
  metricsServer: 'http://prometheus.monitoring:9090',
  selectorLabels: ['app', 'name', 'app.kubernetes.io/name'],
  includeLabelPrefixes: [],
  ingressAnnotationsPrefix: 'nginx.ingress.kubernetes.io',
  ingressClass: '',
  clusterName: '',
  noCrossNamespaceRefs: false,
  configTracking: true,
  eventWebhook: '',
  concurrency: 2,
};

/** What a controller is given of the world it runs in. */
export type WorldPorts = Pick<
  ControllerPorts,
  'cluster' | 'clock' | 'random' | 'http' | 'log' | 'globalNotifier'
>;

/** The engine with every variant there is, in the given world. */
export function controllerIn(ports: WorldPorts, options: Partial<ControllerOptions>): Controller {
  return createController(
    { ...usual, ...options },
    { ...ports, routers, metricProviders, queries, notifiers },
  );
}
