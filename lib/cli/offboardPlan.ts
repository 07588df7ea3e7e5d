import type { Canary } from '../api/canary.js';
import { primaryName, serviceNames } from '../api/defaults.js';
import { findCanary } from '../deploy/canaryLookup.js';
import type { Cluster, ObjectKey } from '../ports/cluster.js';

/** What will happen to a canary that is taken off perch. */
export interface OffboardPlan {
  readonly key: ObjectKey;
  readonly canary: Canary;
  /** In order; for people. */
  readonly steps: readonly string[];
  /** Why it should not be done now; undefined when nothing speaks against it. */
  readonly objection: string | undefined;
}

/** Phases in which what the target holds is what production runs. */
const AT_REST = ['', 'Initializing', 'Initialized', 'Succeeded', 'Terminating', 'Terminated'];

/** Reads and writes nothing else. Throws CLI_CANARY_NOT_FOUND. */
export async function planOffboard(cluster: Cluster, key: ObjectKey): Promise<OffboardPlan> {
  const canary = await findCanary(cluster, key);
  const { kind, name } = canary.spec.targetRef;
  const steps = [
    'the controller holds the Canary until its target serves (revertOnDeletion)',
    `${kind} ${name} is woken up, with as many pods as ${primaryName(canary)}`,
    `Service ${serviceNames(canary).apex} leads to ${kind} ${name} again, and all traffic with it`,
    `the Canary, ${primaryName(canary)} and what else was made for it are taken away`,
  ];
  return { key, canary, steps, objection: objectionTo(canary) };
}

function objectionTo({ status = {}, spec }: Canary): string | undefined {
  const { phase = '', lastAppliedSpec, lastPromotedSpec } = status;
  if (!AT_REST.includes(phase)) {
    return `the phase is ${phase}: ${spec.targetRef.kind} ${spec.targetRef.name} holds a revision that has not passed its checks`;
  }
  const released = phase === 'Initialized' || phase === 'Succeeded';
  if (released && lastAppliedSpec !== lastPromotedSpec) {
    return `${spec.targetRef.kind} ${spec.targetRef.name} holds another revision than the one that was promoted`;
  }
  return undefined;
}
