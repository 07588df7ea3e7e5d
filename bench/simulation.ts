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
  /** CPU milliseconds that this machine took, in the same rounds, to write and read a megabyte of JSON: the middle one. */
  readonly jsonMilliseconds: number;
  /** Megabytes of JSON that are written and read for the CPU of one rollout: much the same on every machine. */
  readonly jsonMegabytes: number;
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

/** What a megabyte of JSON takes to be written and read: a measure of the machine at this moment. */
function measureJson(): number {
  const bytes = JSON.stringify(applied).length;
  const before = process.cpuUsage();
  const times = 100;
  for (let time = 0; time < times; time++) JSON.parse(JSON.stringify(applied));
  return cpuSince(before) / ((times * bytes) / 1e6);
}

const ROUNDS = 10;

interface Round {
  readonly rollout: number;
  readonly fromEmpty: number;
  readonly json: number;
  readonly megabytes: number;
}

/** A rollout of twenty steps in an hour on the virtual cluster, over and over on one core; V8 takes some five hundred to compile it all. */
export async function measureSimulation(rolloutsOfRound = 20, warmUps = 500): Promise<SimulationResult> {
  for (let seed = 0; seed < warmUps; seed++) await runOnce(seed);
  const began = process.hrtime.bigint();
  const rounds: Round[] = [];
  let last: Run | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    let sum = 0;
    for (let index = 0; index < rolloutsOfRound; index++) {
      last = await runOnce(warmUps + round * rolloutsOfRound + index);
      sum += last.milliseconds;
    }
    const fromEmpty = cpuSince(before) / rolloutsOfRound;
    const [rollout, json] = [sum / rolloutsOfRound, measureJson()];
    rounds.push({ rollout, fromEmpty, json, megabytes: rollout / json });
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  const sorted = (part: keyof Round) => rounds.map((round) => round[part]).toSorted((a, b) => a - b);
  return {
    minutes: last!.minutes,
    steps: last!.steps,
    milliseconds: sorted('rollout')[ROUNDS / 2]!,
    best: sorted('rollout')[0]!,
    fromEmpty: sorted('fromEmpty')[ROUNDS / 2]!,
    jsonMilliseconds: sorted('json')[ROUNDS / 2]!,
    jsonMegabytes: sorted('megabytes')[ROUNDS / 2]!,
    rolloutsPerSecond: (ROUNDS * rolloutsOfRound) / seconds,
  };
}
