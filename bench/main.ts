import { type ComparisonResult, compareWithCdk8s } from './cdk8sCli.js';
import { contentPrometheus, realCluster, virtualCluster } from './cluster.js';
import { type IdleResult, measureIdle } from './idle.js';
import { measureLoad, printLoad } from './load.js';
import { measurePreview, type PreviewResult } from './preview.js';
import { measureRollout, type RolloutResult } from './rollout.js';
import { measureSimulation, type SimulationResult } from './simulation.js';
import { measureSynthesis } from './synthesis.js';
import { measureVerdict, type VerdictResult } from './verdict.js';

const HELP = `npm run bench -- [--only controller|simulation|synthesis|preview|verdict|load] [--json] [--counts 1,100,500] [--window 30] [--kubeconfig <file>]

controller: measures perch controller, in a process of its own, over HTTP: idle with so many canaries, and in one release.
simulation: a rollout on the virtual cluster, in this process.
synthesis: perch synth from the shell, of one application and of 200, and beside cdk8s synth with ts-node, where they are
there: --install-tools fetches them to a cache folder of yours.
preview: what perch adds to a pulumi preview of examples/pulumi-podinfo.
verdict: how often the comparison with the primary is wrong, and how soon it is right.
load: the rates that the load task holds, beside hey where there is one.
With --kubeconfig the cluster is a real API server; then targets have no pods and there is no release.`;

interface Options {
  readonly only: string | undefined;
  readonly json: boolean;
  readonly counts: readonly number[];
  readonly windowSeconds: number;
  readonly kubeconfig: string | undefined;
  readonly installTools: boolean;
}

function optionsOf(argv: readonly string[]): Options {
  const value = (name: string): string | undefined => {
    const at = argv.indexOf(name);
    return at < 0 ? undefined : argv[at + 1];
  };
  return {
    only: value('--only'),
    json: argv.includes('--json'),
    counts: (value('--counts') ?? '1,100,500').split(',').map(Number),
    windowSeconds: Number(value('--window') ?? 30),
    kubeconfig: value('--kubeconfig'),
    installTools: argv.includes('--install-tools'),
  };
}

async function idle(options: Options, prometheus: string): Promise<{ name: string; results: IdleResult[] }> {
  const bench = await (options.kubeconfig ? realCluster(options.kubeconfig) : virtualCluster());
  try {
    const replicas = options.kubeconfig ? 0 : 1;
    return { name: bench.name, results: await measureIdle(bench, { ...options, replicas, prometheus }) };
  } finally {
    await bench.close();
  }
}

async function rollout(prometheus: string): Promise<RolloutResult> {
  const bench = await virtualCluster();
  try {
    return await measureRollout(bench, prometheus);
  } finally {
    await bench.close();
  }
}

function printIdle(
  { name, results }: { name: string; results: readonly IdleResult[] },
  { windowSeconds }: Options,
): void {
  const row = (cells: readonly string[]): string => cells.map((cell) => cell.padStart(14)).join('');
  console.log(`\nIdle for ${windowSeconds} s on ${name}`);
  console.log(row(['canaries', 'RSS MiB', 'CPU s', 'CPU % of core', 'API requests', 'to start', 'start s']));
  for (const each of results) {
    const { canaries, rssMiB, cpuSeconds, cpuPercent, requests, requestsToStart, secondsToStart } = each;
    const cells = [canaries, rssMiB.toFixed(1), cpuSeconds.toFixed(2), cpuPercent.toFixed(2)];
    console.log(row([...cells, requests, requestsToStart, secondsToStart.toFixed(2)].map(String)));
  }
}

function printRollout(result: RolloutResult): void {
  console.log('\nOne release, interval 10 s, weights 5 to 50, on the virtual cluster over HTTP');
  console.log(`  outcome            ${result.outcome} after ${result.seconds.toFixed(1)} s`);
  console.log(`  first reaction     ${result.reactionMs.toFixed(0)} ms after the changed image`);
  console.log(`  API requests       ${result.requests}`);
  for (const [name, count] of Object.entries(result.byKind))
    console.log(`    ${String(count).padStart(4)}  ${name}`);
}

function printSimulation(result: SimulationResult): void {
  const { milliseconds, best, fromEmpty, rolloutsPerSecond, steps, minutes } = result;
  const { jsonMilliseconds, jsonMegabytes } = result;
  console.log(`\nA simulated rollout of ${steps} steps in ${minutes.toFixed(0)} minutes`);
  console.log(
    `  CPU of one core    ${milliseconds.toFixed(1)} ms, ${best.toFixed(1)} in the best of ten rounds`,
  );
  console.log(
    `  as much as writing and reading ${jsonMegabytes.toFixed(1)} MB of JSON, at ${jsonMilliseconds.toFixed(1)} ms each in the same rounds`,
  );
  console.log(`  from an empty cluster, with its first version: ${fromEmpty.toFixed(1)} ms`);
  console.log(`  of those a second  ${rolloutsPerSecond.toFixed(1)}`);
}

async function controller(options: Options): Promise<object> {
  const prometheus = await contentPrometheus();
  // Side by side: each controller has its own process and its own cluster.
  const [idleResults, release] = await Promise.all([
    idle(options, prometheus.url),
    options.kubeconfig ? undefined : rollout(prometheus.url),
  ]).finally(prometheus.close);
  if (!options.json) {
    printIdle(idleResults, options);
    if (release) printRollout(release);
  }
  return { cluster: idleResults.name, idle: idleResults.results, rollout: release };
}

async function simulation({ json }: Options): Promise<object> {
  const result = await measureSimulation();
  if (!json) printSimulation(result);
  return { simulation: result };
}

function printVerdict(results: readonly VerdictResult[]): void {
  console.log(
    '\nVerdicts at 50 requests/s and weight 10, a look every 10 s: comparison | fixed threshold of 99 %',
  );
  const seconds = (value: number): string => (Number.isNaN(value) ? '-' : `${value} s`);
  const cell = ({ rolledBackPercent, median, p95, within90sPercent }: VerdictResult['comparison']): string =>
    `${rolledBackPercent.toFixed(2).padStart(6)} % rolled back (${within90sPercent.toFixed(1)} % in 90 s), median ${seconds(median)}, p95 ${seconds(p95)}`;
  for (const { name, comparison, fixedThreshold } of results)
    console.log(`  ${name.padEnd(46)} ${cell(comparison)} | ${cell(fixedThreshold)}`);
}

async function verdict({ json }: Options): Promise<object> {
  const results = measureVerdict();
  if (!json) printVerdict(results);
  return { verdict: results };
}

async function synthesis({ json, installTools }: Options): Promise<object> {
  const results = measureSynthesis();
  const comparison = compareWithCdk8s(installTools);
  if (!json) {
    console.log('\nperch synth from the shell');
    for (const { what, seconds, rssMiB } of results)
      console.log(`  ${what.padEnd(18)} ${seconds.toFixed(2)} s, ${rssMiB.toFixed(0)} MiB`);
    console.log(`  ${comparisonText(comparison)}`);
  }
  return { synthesis: results, comparison };
}

function comparisonText(result: ComparisonResult | string): string {
  if (typeof result === 'string') return `beside cdk8s synth: skipped, ${result}`;
  const { perchSeconds, cdk8sSeconds, ratio } = result;
  return `beside cdk8s synth: ${perchSeconds.toFixed(2)} s against ${cdk8sSeconds.toFixed(2)} s, 1/${(1 / ratio).toFixed(1)} of the time`;
}

async function preview({ json }: Options): Promise<object> {
  const result = measurePreview();
  if (!json) printPreview(result);
  return { preview: result };
}

function printPreview({ loadMs, declareMs, cpuMs, resources }: PreviewResult): void {
  console.log(`\nperch's share of a pulumi preview of ${resources} resources`);
  console.log(`  loading            ${loadMs.toFixed(0)} ms`);
  console.log(`  declaring          ${declareMs.toFixed(0)} ms`);
  console.log(`  CPU of both        ${cpuMs.toFixed(0)} ms`);
}

async function load({ json }: Options): Promise<object> {
  const results = await measureLoad();
  if (!json) printLoad(results);
  return { load: results };
}

const parts = { controller, simulation, synthesis, preview, verdict, load };

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) return console.log(HELP);
  const options = optionsOf(argv);
  if (options.only !== undefined && !Object.hasOwn(parts, options.only)) {
    console.error(`--only: expected one of ${Object.keys(parts).join(', ')}, given ${options.only}`);
    process.exitCode = 2;
    return;
  }
  const results = {};
  for (const [name, measure] of Object.entries(parts))
    if (!options.only || options.only === name) Object.assign(results, await measure(options));
  if (options.json) console.log(JSON.stringify(results, null, 2));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
