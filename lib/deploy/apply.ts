import { PerchError } from '../api/errors.js';
import { ConfigMaps } from '../api/workloads.js';
import type { Cluster } from '../ports/cluster.js';
import type { Discovery } from '../ports/discovery.js';
import { isShared, parentObject, union } from './applySet.js';
import { explainRefusal } from './failure.js';
import { definedKinds, isDefinition } from './kinds.js';
import { isGoing, titleOf } from './manifest.js';
import { patienceOf, waitUntil } from './patience.js';
import { type Plan, plannedExtent } from './plan.js';
import type { Report } from './progress.js';
import { type PrunePorts, prune } from './prune.js';
import { fieldManager, type Step } from './trial.js';

export interface ApplyPorts extends PrunePorts {
  readonly cluster: Cluster & Discovery;
}

/** Longest wait for a CustomResourceDefinition to be served, milliseconds. */
const SERVED_MS = 60_000;

/** Does what the plan says. When it cannot go on, the error says how much was done. */
export async function applyPlan(plan: Plan, ports: ApplyPorts): Promise<void> {
  const done: string[] = [];
  const report: Report = (progress) => {
    if (progress.what === 'applied') done.push(titleOf(progress.step.item.object));
    if (progress.what === 'deleted') done.push(`${titleOf(progress.item.object)}, which is deleted`);
    ports.report(progress);
  };
  try {
    await carryOut(plan, { ...ports, report });
  } catch (error) {
    throw interrupted(plan, done, error);
  }
}

async function carryOut(plan: Plan, ports: ApplyPorts): Promise<void> {
  const shared = plan.steps.filter(({ item }) => isShared(item.kind));
  const members = plan.steps.filter(({ item }) => !isShared(item.kind));
  const extent = plannedExtent(plan);
  await applySteps(plan, shared, ports);
  await waitForDefinitions(shared, ports);
  // Before the first member: whatever happens now, the next deployment knows where to look.
  await writeParent(plan, ports, plan.previous ? union(plan.previous, extent) : extent);
  await applySteps(plan, members, ports);
  await prune(plan.orphans, ports);
  if (plan.orphans.length > 0) await writeParent(plan, ports, extent);
}

async function applySteps(
  plan: Plan,
  steps: readonly Step[],
  { cluster, report }: ApplyPorts,
): Promise<void> {
  for (const step of steps) {
    const { item, action } = step;
    if (action === 'keep') continue;
    try {
      await cluster.apply(item.kind, item.object, { fieldManager, force: plan.force });
    } catch (error) {
      throw explainRefusal(item, error);
    }
    report({ what: 'applied', step });
  }
}

/** Nothing is left half-applied without a word. */
function interrupted({ steps, orphans }: Plan, done: readonly string[], error: unknown): unknown {
  if (!(error instanceof PerchError)) return error;
  const wanted =
    steps.filter(({ action }) => action !== 'keep').length + orphans.filter((item) => !isGoing(item)).length;
  const { code, remedy, path, cause } = error;
  const extent =
    done.length === 0
      ? 'nothing was changed'
      : `${done.length} of ${wanted} changes were made before it, the last was ${done.at(-1)}`;
  return new PerchError({ code, remedy, path, cause, message: `${error.message}; ${extent}` });
}

async function writeParent(plan: Plan, { cluster }: ApplyPorts, extent: ReturnType<typeof plannedExtent>) {
  const object = parentObject(plan.application, extent);
  try {
    await cluster.apply(ConfigMaps, object, { fieldManager, force: true });
  } catch (error) {
    throw explainRefusal({ object }, error);
  }
}

/** One that is changed may have a version more. Discovery names what is established alone. */
async function waitForDefinitions(steps: readonly Step[], { cluster, clock }: ApplyPorts): Promise<void> {
  for (const { item, action } of steps) {
    if (action === 'keep' || !isDefinition(item.object)) continue;
    for (const { group, version, plural } of definedKinds(item.object)) {
      await waitUntil(patienceOf(clock, SERVED_MS), titleOf(item.object), async () => {
        const served = (await cluster.kinds(group, version)).some((kind) => kind.plural === plural);
        return served ? { done: true } : { state: `${plural}.${group} is not served yet` };
      });
    }
  }
}
