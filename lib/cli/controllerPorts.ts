import type { ControllerPorts } from '../engine/options.js';
import { realClock } from '../kube/clock.js';
import { realRandom } from '../kube/random.js';
import { queries } from '../metrics/queries.js';
import { metricProviders } from '../metrics/registry.js';
import { createHttp } from '../net/http.js';
import { globalNotifier } from '../notifiers/global.js';
import { notifiers } from '../notifiers/registry.js';
import type { Cluster } from '../ports/cluster.js';
import { environmentProxies } from '../ports/environmentProxy.js';
import type { Http } from '../ports/http.js';
import type { Log } from '../ports/log.js';
import { routers } from '../routers/registry.js';
import type { ControllerSettings } from '../settings/controllerSettings.js';
import type { Environment } from '../settings/goFlags.js';
import { inOneLine } from './failure.js';

/** The real world, for a controller. */
export function composePorts(
  settings: ControllerSettings,
  cluster: Cluster,
  log: Log,
  environment: Environment,
): ControllerPorts {
  const http = createHttp({
    metadataAddresses: settings.metadataAddresses,
    environment: environmentProxies(environment),
  });
  const notifier = chooseNotifier(settings, http, log);
  return {
    cluster,
    clock: realClock,
    random: realRandom,
    http,
    log,
    routers,
    metricProviders,
    queries,
    notifiers,
    ...(notifier ? { globalNotifier: notifier } : {}),
  };
}

/** As in Flagger, a notifier that cannot work costs its alerts and nothing else. */
function chooseNotifier(settings: ControllerSettings, http: Http, log: Log) {
  try {
    return globalNotifier(settings.notifier, http);
  } catch (error) {
    log.log('error', `no global alerts: ${inOneLine(error)}`);
    return undefined;
  }
}
