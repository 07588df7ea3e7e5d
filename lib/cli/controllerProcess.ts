import { routerName } from '../api/providers.js';
import { createController } from '../engine/controller.js';
import type { ControllerPorts } from '../engine/options.js';
import { realClock } from '../kube/clock.js';
import type { KubeCluster } from '../kube/cluster.js';
import { connect, connectElsewhere } from '../kube/connect.js';
import { withRoutingElsewhere } from '../kube/routingCluster.js';
import { metricProviders } from '../metrics/registry.js';
import type { Log } from '../ports/log.js';
import { routers } from '../routers/registry.js';
import type { ControllerSettings } from '../settings/controllerSettings.js';
import { createApiRequestMetrics } from './apiRequestMetrics.js';
import { checkKinds } from './controllerKinds.js';
import { composePorts } from './controllerPorts.js';
import { createReign, type Host } from './controllerReign.js';
import { inOneLine } from './failure.js';
import { createLog } from './log.js';
import { startMetricsServer } from './metricsServer.js';
import { createProcessMetrics } from './processMetrics.js';

/** Milliseconds that HTTP requests get to finish; as Flagger. */
const SHUTDOWN_MS = 3_000;

/** Runs a controller from the first line of its log to the last. */
export async function runController(settings: ControllerSettings, host: Host): Promise<void> {
  const log = createLog({ ...settings.log, clock: realClock, write: host.write });
  const { meshProvider, metricsServer, namespace } = settings.controller;
  log.log('info', `Starting perch version ${host.version} mesh provider ${meshProvider}`, {
    namespace: namespace || 'all',
  });
  const requests = createApiRequestMetrics();
  const cluster = await connect({
    ...settings.connection,
    version: host.version,
    onRequest: requests.observe,
  });
  await checkKinds(cluster);
  const elsewhere = await connectRouting(settings, host.version);
  const whole = elsewhere ? withRoutingElsewhere(cluster, elsewhere) : cluster;
  const ports = composePorts(settings, whole, log, host.environment);
  sayWhatIsMissing(settings, log);
  sayWhatDoesNothing(host, log);
  void pingMetricsServer(metricsServer, ports);
  const controller = createController(settings.controller, ports);
  const processMetrics = createProcessMetrics(host.lostLines);
  const reign = createReign(settings, ports, host, controller);
  const server = await startMetricsServer(settings.port, {
    metrics: async () =>
      [await controller.metrics(), await requests.text(), await processMetrics()].join('\n'),
    // A replica that waits to be elected is as well as it can be.
    healthy: () => !reign.began() || controller.healthy(),
  });
  log.log('info', `Starting HTTP server on port ${server.port}`);
  try {
    const signal = await Promise.race([host.stopRequested, reign.failed]);
    log.log('info', `Shutting down on ${signal}`);
  } finally {
    await controller.stop();
    await reign.end();
    await server.close(SHUTDOWN_MS);
    await cluster.close();
    await elsewhere?.close();
  }
}

/** The cluster of the routing objects, where that is another one. */
async function connectRouting(
  { connection }: ControllerSettings,
  version: string,
): Promise<KubeCluster | undefined> {
  const { routingKubeconfig } = connection;
  return routingKubeconfig ? connectElsewhere({ ...connection, version }, routingKubeconfig) : undefined;
}

function sayWhatIsMissing({ controller }: ControllerSettings, log: Log): void {
  if (routerName(Object.keys(routers), controller.meshProvider) !== undefined) return;
  log.log(
    'warn',
    `canaries without spec.provider fail: there is no router for ${controller.meshProvider} yet`,
    {
      remedy: `name one of ${Object.keys(routers).join(', ')} with -mesh-provider`,
    },
  );
}

function sayWhatDoesNothing({ withoutEffect }: Host, log: Log): void {
  if (withoutEffect.length === 0) return;
  log.log(
    'warn',
    `${withoutEffect.join(', ')}: about the logs of Flagger's Go libraries, without effect here`,
    {
      remedy: 'use -log-level and -zap-encoding',
    },
  );
}

async function pingMetricsServer(address: string, { http, clock, log }: ControllerPorts): Promise<void> {
  try {
    await metricProviders.prometheus({ http, clock, address }).online();
    log.log('info', `Connected to metrics server ${address}`);
  } catch (error) {
    log.log('error', `Metrics server ${address} unreachable ${inOneLine(error)}`);
  }
}
