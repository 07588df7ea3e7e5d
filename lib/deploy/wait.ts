import type { Canary } from '../api/canary.js';
import { sleep } from '../ports/clock.js';
import { type Item, isCanary, keyOf, titleOf } from './manifest.js';
import type { Patience } from './patience.js';
import type { Plan } from './plan.js';
import { rolledBack } from './rollback.js';
import type { Step } from './trial.js';
import { type WaitPorts, waitForCanary } from './waitCanary.js';
import { isWorkload, waitForWorkload } from './waitWorkload.js';

/** How long the controller may take to notice a change, milliseconds. */
const NOTICE_MS = 5000;

/**
 * Waits for what was deployed: workloads available, then every canary settled on what the program says. Throws
 * DEPLOY_ROLLED_BACK when a canary was not promoted.
 */
export async function waitForDeployment(plan: Plan, patience: Patience, ports: WaitPorts): Promise<void> {
  const items = plan.steps.map(({ item }) => item);
  const canaries = items.filter(isCanary);
  const targets = new Set(canaries.map(targetOf));
  const workloads = items.filter((item) => isWorkload(item) && !targets.has(titleOf(item.object)));
  await Promise.all(workloads.map((item) => waitForWorkload(item, patience, ports)));
  // A changed ConfigMap starts a release under the same revision, as soon as the controller has seen it.
  if (plan.steps.some(changesConfig)) await sleep(patience.clock, NOTICE_MS);
  const outcomes = await Promise.all(
    canaries.map(async (item) => {
      const outcome = await waitForCanary(keyOf(item), undefined, patience, ports);
      const state = outcome.verdict === 'suspended' ? 'suspended' : (outcome.canary.status?.phase ?? '');
      if (outcome.verdict !== 'failed') ports.report({ what: 'ready', subject: titleOf(item.object), state });
      return outcome;
    }),
  );
  const failed = outcomes.find(({ verdict }) => verdict === 'failed');
  if (failed) throw rolledBack(failed);
}

function changesConfig({ action, item }: Step): boolean {
  return action === 'change' && /^(ConfigMap|Secret)$/.test(item.kind.kind);
}

/** The controller scales a target to zero between releases: it is never waited for. */
function targetOf({ object }: Item): string {
  const { kind, name } = (object as Canary).spec.targetRef;
  return titleOf({ kind: `${kind}`, metadata: { namespace: object.metadata.namespace ?? '', name } });
}
