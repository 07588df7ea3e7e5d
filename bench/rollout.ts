import { Canaries } from '../lib/api/canary.js';
import { Deployments } from '../lib/api/workloads.js';
import { application, foundation, NAMESPACE } from './applications.js';
import type { BenchCluster } from './cluster.js';
import { pause, startController } from './controller.js';

export interface RolloutResult {
  readonly outcome: string;
  /** From the changed image to Succeeded. */
  readonly seconds: number;
  /** From the changed image to the controller's first write. */
  readonly reactionMs: number;
  readonly requests: number;
  /** Requests by method and kind, the most first. */
  readonly byKind: Readonly<Record<string, number>>;
}

const key = { namespace: NAMESPACE, name: 'podinfo' };

/** One release with interval 10 s and weights 5 to 50, counted from the changed image to the end. */
export async function measureRollout(bench: BenchCluster, prometheus: string): Promise<RolloutResult> {
  await bench.apply([...foundation(), ...application(key.name, 1)]);
  const controller = await startController(bench.server.url, [
    `-namespace=${NAMESPACE}`,
    `-metrics-server=${prometheus}`,
  ]);
  await phase(bench, ['Initialized'], 60_000, controller.log);
  await pause(3_000);
  const { length: before } = bench.server.requests;
  const changedAt = Date.now();
  await bench.cluster.patch(Deployments, key, 'json', [
    {
      op: 'replace',
      path: '/spec/template/spec/containers/0/image',
      value: 'ghcr.io/stefanprodan/podinfo:6.9.1',
    },
  ]);
  const outcome = await phase(bench, ['Succeeded', 'Failed'], 170_000, controller.log);
  const seconds = (Date.now() - changedAt) / 1000;
  await pause(2_000);
  await controller.stop();
  const made = bench.server.requests.slice(before);
  const firstWrite = made.find(({ line }) => !line.startsWith('GET '));
  const counts = new Map<string, number>();
  for (const { line } of made) counts.set(label(line), (counts.get(label(line)) ?? 0) + 1);
  return {
    outcome,
    seconds,
    reactionMs: (firstWrite?.at ?? Number.NaN) - changedAt,
    requests: made.length,
    byKind: Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)),
  };
}

async function phase(
  bench: BenchCluster,
  wanted: readonly string[],
  limitMs: number,
  log: () => string,
): Promise<string> {
  const end = Date.now() + limitMs;
  for (;;) {
    const { status } = await bench.cluster.get(Canaries, key);
    if (status?.phase && wanted.includes(status.phase)) return status.phase;
    if (Date.now() > end)
      throw new Error(`still ${status?.phase}, expected ${wanted.join(' or ')}: ${log()}`);
    await pause(100);
  }
}

/** `PUT canaries/status` of `PUT /apis/flagger.app/v1beta1/namespaces/test/canaries/podinfo/status`. */
function label(line: string): string {
  const [method, path = ''] = line.split(' ');
  const parts = path
    .replace(/\?.*/, '')
    .split('/')
    .slice(path.startsWith('/api/') ? 3 : 4);
  if (parts[0] === 'namespaces') parts.splice(0, 2);
  return `${method} ${[parts[0], parts[2]].filter(Boolean).join('/')}`;
}
