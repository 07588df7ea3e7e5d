import { application, foundation, NAMESPACE } from './applications.js';
import { contentPrometheus, virtualCluster } from './cluster.js';
import { pause, startController, usageOf } from './controller.js';
import { initialize } from './idle.js';

const LIMIT_MIB = 256;
/** For so many canaries to be initialised, on whatever machine. */
const PATIENCE_MS = 900_000;

/** Starts a controller that is elected first, with so many canaries there; prints when it was ready and what it took. */
async function measure(count: number, starts: number): Promise<void> {
  const [bench, prometheus] = [await virtualCluster(), await contentPrometheus()];
  try {
    await bench.apply(foundation());
    for (let index = 0; index < count; index++) await bench.apply(application(`app-${index}`, 1));
    const flags = [`-namespace=${NAMESPACE}`, `-metrics-server=${prometheus.url}`];
    // not all at once: the virtual API server has one thread
    await initialize(bench, count, flags, { patienceMs: PATIENCE_MS, qps: 200 });
    const election = ['-enable-leader-election=true', `-leader-election-namespace=${NAMESPACE}`];
    const seconds: number[] = [];
    let [rss, peak, cpu] = [0, 0, Number.POSITIVE_INFINITY];
    for (let start = 0; start < starts; start++) {
      const began = performance.now();
      const controller = await startController(bench.server.url, [...flags, ...election]);
      seconds.push((performance.now() - began) / 1000);
      cpu = Math.min(cpu, usageOf(controller.pid).cpuSeconds);
      await pause(5_000);
      const usage = usageOf(controller.pid);
      [rss, peak] = [Math.max(rss, usage.rssMiB), Math.max(peak, usage.peakMiB)];
      await controller.stop();
    }
    const sorted = seconds.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)]!;
    const memory = `${rss.toFixed(0)} MiB idle, ${peak.toFixed(0)} MiB at most (limit ${LIMIT_MIB})`;
    console.log(
      `  ${String(count).padStart(5)} canaries: elected and synced after ${median.toFixed(2)} s (best ${sorted[0]!.toFixed(2)} s of ${starts}; ${cpu.toFixed(2)} s of CPU), ${memory}`,
    );
  } finally {
    await bench.close();
    prometheus.close();
  }
}

async function main(): Promise<void> {
  console.log('\nController, from the start of the process');
  await measure(100, 5);
  await measure(2000, 2);
}

void main();
