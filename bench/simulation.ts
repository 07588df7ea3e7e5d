import { Canaries } from '../lib/api/canary.js';
import type { KubeObject } from '../lib/api/kinds.js';
import { traffic } from '../lib/sim/models/traffic.js';
import { createWorld } from '../lib/sim/world.js';
import { application, foundation, NAMESPACE } from './applications.js';

export interface SimulationResult {
  /** Virtual minutes from the changed image to Succeeded. */
  readonly minutes: number;
  readonly steps: number;
  /** CPU milliseconds of one core from the changed image to Succeeded, after warm-up: the middle one of ten rounds. */
  readonly milliseconds: number;
  /** Of the best round: what the machine does when it does nothing else. */
  readonly best: number;
  /** From an empty cluster, so with the first version's initialisation: the middle one. */
  readonly fromEmpty: number;
  readonly rolloutsPerSecond: number;
}

const prometheus = {
  name: 'prometheus',
  labels: { app: 'prometheus' },
};

/** podinfo with twenty steps in an hour, judged by its errors and its latency, with 50 users a second. */
function objects(): KubeObject[] {
  const own = application('podinfo', 2).map((object) =>
    object.kind === 'Canary' ? withAnalysis(object) : object,
  );
  const metadata = { name: prometheus.name, namespace: NAMESPACE };
  const container = { name: 'prometheus', image: 'quay.io/prometheus/prometheus:v3.15.0' };
  return [
    ...foundation(),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: prometheus.labels },
        template: { metadata: { labels: prometheus.labels }, spec: { containers: [container] } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: prometheus.labels, ports: [{ port: 9090 }] },
    },
    ...own,
  ] as KubeObject[];
}

function withAnalysis(object: KubeObject): KubeObject {
  const { spec } = object as KubeObject & { spec: { analysis: object } };
  const metrics = [
    { name: 'request-success-rate', thresholdRange: { min: 99 }, interval: '1m' },
    { name: 'request-duration', thresholdRange: { max: 500 }, interval: '1m' },
  ];
  const analysis = { interval: '3m', threshold: 5, stepWeight: 5, maxWeight: 100, metrics };
  return {
    ...object,
    spec: {
      ...spec,
      metricsServer: `http://prometheus.${NAMESPACE}:9090`,
      progressDeadlineSeconds: 600,
      analysis,
    },
  } as KubeObject;
}

const applied = objects();
const key = { namespace: NAMESPACE, name: 'podinfo' };

interface Run {
  readonly minutes: number;
  readonly steps: number;
  /** CPU milliseconds of the rollout. */
  readonly milliseconds: number;
}

async function runOnce(seed: number): Promise<Run> {
  const world = createWorld({ seed, traffic: traffic.steady({ rps: 50, host: 'podinfo.example.com' }) });
  world.apply(applied);
  const controller = await world.startController();
  const phase = () => world.read(Canaries, key)?.status?.phase;
  const reach = async (wanted: string) => {
    if (!(await world.clock.runUntil(() => phase() === wanted, 2 * 3_600_000)))
      throw new Error(`expected phase ${wanted}, got ${phase()}: ${JSON.stringify(world.log.records)}`);
  };
  await reach('Initialized');
  const began = world.clock.now();
  const before = process.cpuUsage();
  world.setImage(NAMESPACE, 'podinfo', 'ghcr.io/stefanprodan/podinfo:6.9.1');
  await reach('Progressing');
  await reach('Succeeded');
  const milliseconds = cpuSince(before);
  const steps = world.log.records.filter(({ message }) => message.startsWith('Advance')).length;
  const minutes = (world.clock.now() - began) / 60_000;
  await controller.stop();
  return { minutes, steps, milliseconds };
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const ROUNDS = 10;

/** A rollout of twenty steps in an hour on the virtual cluster, over and over on one core; V8 takes some two hundred to compile it all. */
export async function measureSimulation(rolloutsOfRound = 20, warmUps = 200): Promise<SimulationResult> {
  for (let seed = 0; seed < warmUps; seed++) await runOnce(seed);
  const began = process.hrtime.bigint();
  const rounds: { readonly rollout: number; readonly fromEmpty: number }[] = [];
  let last: Run | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    let sum = 0;
    for (let index = 0; index < rolloutsOfRound; index++) {
      last = await runOnce(warmUps + round * rolloutsOfRound + index);
      sum += last.milliseconds;
    }
    rounds.push({ rollout: sum / rolloutsOfRound, fromEmpty: cpuSince(before) / rolloutsOfRound });
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const sorted = (part: 'rollout' | 'fromEmpty') =>
    rounds.map((round) => round[part]).toSorted((a, b) => a - b);
  return {
    minutes: last!.minutes,
    steps: last!.steps,
    milliseconds: sorted('rollout')[ROUNDS / 2]!,
    best: sorted('rollout')[0]!,
    fromEmpty: sorted('fromEmpty')[ROUNDS / 2]!,
    rolloutsPerSecond: (ROUNDS * rolloutsOfRound) / seconds,
  };
}
