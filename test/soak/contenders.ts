import { join } from 'node:path';
import { NAMESPACE } from '../../bench/applications.js';
import { type Controller, startController } from './controller.js';
import { eventually } from './controlPlane.js';
import type { Fault } from './faults.js';
import { type Gate, startGate } from './gate.js';
import type { MetricsServer } from './metricsServer.js';
import type { Cable, Network } from './network.js';
import type { Stage } from './stage.js';

/** A controller and its own way to the API server. */
export interface Contender {
  readonly gate: Gate;
  readonly controller: Controller;
  readonly cable: Cable;
}

export interface ContendersOptions {
  readonly stage: Stage;
  readonly metrics: MetricsServer;
  /** undefined: all share the network of this process. */
  readonly network: Network | undefined;
  readonly flags: readonly string[];
  readonly hear: (line: string) => void;
}

const election = ['-enable-leader-election', `-leader-election-namespace=${NAMESPACE}`];

/** The controllers that a fault calls for: one, or two of which the first is elected. */
export async function startContenders(fault: Fault, options: ContendersOptions): Promise<Contender[]> {
  if (!fault.elected) return [await startContender(fault, { ...options, network: undefined })];
  let isLed = false;
  const hear = (line: string) => {
    isLed ||= line.includes('became leader');
    options.hear(line);
  };
  const flags = [...election, ...options.flags];
  const first = await startContender(fault, { ...options, flags, hear });
  await eventually(60_000, 'a leader', async () => isLed);
  return [first, await startContender(fault, { ...options, flags })];
}

async function startContender(
  { fullDisk = false }: Fault,
  { stage, metrics, network, flags, hear }: ContendersOptions,
): Promise<Contender> {
  const place = await network?.addPlace();
  const gate = await startGate(stage, place?.apiHost);
  const controller = await startController({
    apiServer: gate.url,
    metricsServer: metrics.url,
    namespace: NAMESPACE,
    flags,
    fullDisk,
    logFile: join(stage.folder, 'controller.log'),
    hear,
    ...(place ? { enter: place.enter } : {}),
  });
  return { gate, controller, cable: place?.cable ?? cableOf(gate) };
}

/** Without a network to cut: a proxy that takes everything and passes nothing on. */
function cableOf(gate: Gate): Cable {
  return {
    pull: async () => gate.set('silent'),
    plug: async () => gate.set('open'),
  };
}
