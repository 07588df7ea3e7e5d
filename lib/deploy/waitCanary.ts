import type { Canary } from '../api/canary.js';
import type { Kind, KubeObject } from '../api/kinds.js';
import type { PodTemplate } from '../api/workloads.js';
import { type Cluster, type ObjectKey, unlessMissing } from '../ports/cluster.js';
import type { Discovery } from '../ports/discovery.js';
import { findCanary } from './canaryLookup.js';
import { judge, stateOf } from './outcome.js';
import { type Look, type Patience, waitUntil } from './patience.js';
import type { Report } from './progress.js';
import { type Outcome, outcomeOf } from './rollback.js';

export interface WaitPorts {
  readonly cluster: Cluster & Discovery;
  readonly report: Report;
  /** Names a pod template as the controller does. */
  readonly revisionOf: (template: PodTemplate) => string;
}

interface Workload extends KubeObject {
  readonly spec?: { readonly template?: PodTemplate };
}

/**
 * Waits for what becomes of a revision: one that is named, by its hash or by an image of it, or what the target's
 * template is now.
 */
export async function waitForCanary(
  key: ObjectKey,
  asked: string | undefined,
  patience: Patience,
  ports: WaitPorts,
): Promise<Outcome> {
  const title = `Canary ${key.namespace}/${key.name}`;
  const since = patience.clock.now();
  let said = '';
  return waitUntil(patience, title, async (): Promise<Look<Outcome>> => {
    const canary = await findCanary(ports.cluster, key);
    const state = stateOf(canary);
    if (canary.spec.suspend)
      return { done: { verdict: 'suspended', canary, revision: undefined, reasons: [] } };
    const target = await findRevision(canary, asked, ports);
    if (target === 'absent') return { state: `its target does not run ${asked}` };
    const verdict = judge(canary, target);
    if (verdict === 'pending') {
      if (state !== said) ports.report({ what: 'waiting', subject: title, state });
      said = state;
      return { state };
    }
    return { done: await outcomeOf(verdict, canary, target, { cluster: ports.cluster, since }) };
  });
}

async function findRevision(
  canary: Canary,
  asked: string | undefined,
  { cluster, revisionOf }: WaitPorts,
): Promise<string | undefined> {
  if (asked?.includes(':') && /^p\d+:[0-9a-f]+$/.test(asked)) return asked;
  const { apiVersion = 'apps/v1', kind: kindName, name } = canary.spec.targetRef;
  const [group = '', version] = apiVersion.split('/');
  if (group !== 'apps') return undefined;
  const kind = (await cluster.kinds(group, version)).find((served) => served.kind === kindName);
  if (!kind) return undefined;
  const key = { namespace: canary.metadata.namespace ?? '', name };
  const template = (await unlessMissing(cluster.get(kind as Kind<Workload>, key)))?.spec?.template;
  if (!template) return undefined;
  const images = template.spec.containers.map(({ image = '' }) => image);
  if (asked !== undefined && !images.some((image) => image === asked || image.endsWith(`:${asked}`)))
    return 'absent';
  return revisionOf(template);
}
