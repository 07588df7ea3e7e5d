import { NAMESPACE } from '../../bench/applications.js';
import { pause } from '../../bench/controller.js';
import type { Phase } from '../../lib/api/canary.js';
import type { KubeObject } from '../../lib/api/kinds.js';
import { type AlertTarget, secretWord, startAlertTarget } from './alertTarget.js';
import { withAnalysis } from './analysis.js';
import { startContenders } from './contenders.js';
import type { Breakable, Fault } from './faults.js';
import { type Judgement, judge } from './judge.js';
import { type MetricsServer, startMetricsServer } from './metricsServer.js';
import { type Network, openNetwork } from './network.js';
import { addApplications, names, release, resting, type Stage, setStage } from './stage.js';

export interface FaultOptions {
  readonly rollouts: number;
  readonly faults: readonly Fault[];
  readonly flags: readonly string[];
  readonly say: (line: string) => void;
}

export interface FaultResult extends Judgement {
  readonly fault: string;
  readonly what: string;
  readonly rollouts: number;
  /** From the releases to the last of them at rest. */
  readonly seconds: number;
  /** How often controllers were started. */
  readonly starts: number;
}

interface Shared {
  readonly stage: Stage;
  readonly metrics: MetricsServer;
  readonly alerts: AlertTarget;
  readonly network: Network | undefined;
}

interface Ground extends Breakable {
  readonly alerts: AlertTarget;
  /** Lines of the controllers' logs. */
  readonly lines: string[];
}

const LIMIT_MS = 6 * 60_000;
/** What is at rest must stay so. */
const REST_MS = 15_000;
/** One of so many releases is of a version that fails its checks. */
const FAILING = 5;

/** Releases so many canaries at once under each fault, and judges what was written meanwhile. */
export async function measureFaults(options: FaultOptions): Promise<FaultResult[]> {
  const stage = await setStage();
  const network = options.faults.some(({ elected }) => elected) ? await networkOf(options) : undefined;
  const alerts = await startAlertTarget(network?.host);
  const metrics = await startMetricsServer({
    isGood: (name) => !isFailing(tagOf(stage, name)),
    namespaceOf: stage.namespaceOf,
    asked: (name) => {
      stage.chronicle.checked(name, !isFailing(tagOf(stage, name)));
    },
    host: network?.host,
  });
  const results: FaultResult[] = [];
  try {
    await stage.apply(alerting(alerts.url));
    for (const fault of options.faults) {
      options.say(`${options.rollouts} rollouts while ${fault.what}`);
      const result = await endure(fault, { stage, metrics, alerts, network }, options);
      results.push(result);
      options.say(inWords(result));
      for (const { canary, sentence, contradiction } of result.violations.slice(0, 5))
        options.say(`${canary}: not so: ${sentence} ${contradiction}`);
    }
  } finally {
    await Promise.all([metrics.close(), alerts.close()]);
    await stage.close();
    network?.close();
  }
  return results;
}

/** Says how controllers will be parted. */
async function networkOf({ say }: FaultOptions): Promise<Network | undefined> {
  try {
    const network = await openNetwork();
    say('controllers are parted by pulling a link between network namespaces');
    return network;
  } catch (error) {
    say(`no network namespaces here, controllers are parted by a proxy that falls silent: ${String(error)}`);
    return undefined;
  }
}

function tagOf({ chronicle }: Stage, name: string): string {
  return chronicle.of(name).targets.at(-1)?.tag ?? '';
}

const isFailing = (tag: string) => tag.endsWith('-failing');

async function endure(fault: Fault, shared: Shared, { rollouts, flags }: FaultOptions): Promise<FaultResult> {
  const { stage } = shared;
  const apps = names(rollouts).map((name) => `${fault.name}-${name}`);
  const [failing, healthy] = [
    apps.filter((_, at) => at % FAILING === 4),
    apps.filter((_, at) => at % FAILING !== 4),
  ];
  await addApplications(stage, apps, 1, (object) => withAnalysis(object, { alerts }));
  const lines: string[] = [];
  const hear = (line: string): void => void lines.push(line);
  const controllers = await startContenders(fault, { ...shared, flags, hear });
  const ground: Ground = { ...shared, controllers, lines };
  try {
    await comeToRest(stage, apps, ['Initialized']);
    await pause(2_000);
    const begun = Date.now();
    await Promise.all([release(stage, healthy, '6.9.1'), release(stage, failing, '6.9.1-failing')]);
    await pause(8_000);
    await fault.play(ground);
    const ended = await comeToRest(stage, apps, ['Succeeded', 'Failed']);
    const seconds = (Date.now() - begun) / 1000;
    await pause(REST_MS);
    const restlessWrites = writesOf(ground);
    const judgement = judge({
      ...ground,
      apps,
      failing,
      ended,
      restlessWrites,
      incidents: fault.incidents ?? [],
    });
    const starts = controllers.reduce((sum, { controller }) => sum + controller.starts, 0);
    return { fault: fault.name, what: fault.what, rollouts, seconds, starts, ...judgement };
  } finally {
    await Promise.all(controllers.map(({ controller }) => controller.stop()));
    await Promise.all(controllers.map(({ gate }) => gate.close()));
  }
}

/** False when that takes longer than the limit, which is a finding and no reason to stop. */
async function comeToRest(stage: Stage, apps: readonly string[], phases: readonly Phase[]): Promise<boolean> {
  const end = Date.now() + LIMIT_MS;
  while (resting(stage, apps, phases) < apps.length) {
    if (Date.now() > end) return false;
    await pause(250);
  }
  return true;
}

/** Writes in the last seconds of rest; a leader's renewals are no unrest. */
function writesOf({ controllers }: Ground): number {
  const since = Date.now() - REST_MS / 2;
  const asked = controllers.flatMap(({ gate }) => gate.asked);
  return asked.filter(({ at, method, path }) => at > since && method !== 'GET' && !path.includes('/leases'))
    .length;
}

const alerts = [{ name: 'team', severity: 'info', providerRef: { name: 'team' } }];

/** Alerts go to an address that is in a Secret. */
function alerting(url: string): KubeObject[] {
  const metadata = { name: 'team', namespace: NAMESPACE };
  const data = { address: Buffer.from(`${url}/${secretWord}`).toString('base64') };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data };
  const spec = { type: 'slack', secretRef: { name: metadata.name } };
  const provider = { apiVersion: 'flagger.app/v1beta1', kind: 'AlertProvider', metadata, spec };
  return [secret, provider];
}

export function inWords({
  rollouts,
  seconds,
  starts,
  succeeded,
  rolledBack,
  wrong,
  violations,
}: FaultResult): string {
  const outcome = `${succeeded} succeeded, ${rolledBack} rolled back of ${rollouts} in ${seconds.toFixed(0)} s`;
  const judged = `${wrong.length} otherwise than they should, ${violations.length} violations`;
  return `${outcome}; ${judged}; ${starts} starts of controllers`;
}
