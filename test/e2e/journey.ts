import { createCanaryActions } from './canaryActions.ts';
import { type ClusterUnderTest, findCluster } from './clusterUnderTest.ts';
import { createKubectl } from './kubectl.ts';
import { observe } from './observer.ts';
import { place } from './place.ts';
import { writeRecord } from './record.ts';
import { releaseSteps } from './releases.ts';
import { createReport } from './report.ts';
import { createStack } from './stack.ts';
import { createSuites } from './suites.ts';
import { createTraffic } from './traffic.ts';

export interface JourneyOptions {
  /** Of the checkout. */
  readonly root: string;
  /** Write docs/example-rollout.md. */
  readonly record: boolean;
  /** Leave everything in the cluster. */
  readonly keep: boolean;
}

/** The whole journey, step by step; resolves with the exit code. */
export async function run({ root, record, keep }: JourneyOptions): Promise<number> {
  const report = createReport();
  let cluster: ClusterUnderTest | undefined;
  await report.step('a cluster is there', async () => {
    cluster = await findCluster(root);
  });
  if (!cluster) return report.end();
  console.log(`# ${cluster.name}`);
  const kubectl = createKubectl(cluster.env);
  const stack = createStack(root, cluster, kubectl);
  const suites = createSuites(root, cluster, kubectl);
  const allPass = async (steps: Record<string, () => Promise<void>>) => {
    for (const [name, body] of Object.entries(steps)) if (!(await report.step(name, body))) return false;
    return true;
  };
  try {
    if (!(await allPass(stack.preparation))) return report.end();
    // before there is a controller in the cluster that would have the scenarios' canaries too
    for (const [name, body] of Object.entries(suites)) await report.step(name, body);
    if (!(await allPass(stack.installation))) return report.end();
    const seen = observe(kubectl, place.app.namespace, place.app.name, place.app.name);
    const canary = createCanaryActions(kubectl, seen);
    const steps = releaseSteps({ kubectl, seen, traffic: createTraffic(kubectl), canary });
    try {
      for (const [name, body] of Object.entries(steps)) await report.step(name, body);
    } finally {
      seen.end();
    }
    if (record) await writeRecord(root, canary.chapters);
  } finally {
    if (!keep) await report.step('everything that was applied is removed', stack.remove);
  }
  return report.end();
}
