import type { Canary } from '../../../api/canary.js';
import { unmanagedByToolkit } from '../../../api/ownership.js';
import { type Service, Services } from '../../../api/workloads.js';
import type { Objects } from '../../../ports/objects.js';
import { modify } from '../../cache/objects.js';
import { sameJson } from '../../sameJson.js';
import { pick } from '../labels.js';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Gives a Service back: it selects what its author said when it was last applied, else what `selector` says, tools may
 * write it again, and it stays when the Canary goes (Flagger lets Kubernetes delete the one it made).
 */
export function releaseService(
  objects: Objects,
  canary: Canary,
  name: string,
  selector: Readonly<Record<string, string>>,
): Promise<boolean> {
  const key = { namespace: canary.metadata.namespace ?? '', name };
  return modify(objects, Services, key, (live) => {
    const owners = live.metadata.ownerReferences ?? [];
    const others = owners.filter(({ uid }) => uid !== canary.metadata.uid);
    const desired: Service = {
      ...live,
      metadata: {
        ...live.metadata,
        annotations: pick(live.metadata.annotations, (at) => !Object.hasOwn(unmanagedByToolkit, at)),
        ownerReferences: others,
      },
      spec: { ...live.spec, selector: appliedSelector(live) ?? { ...selector } },
    };
    const same = others.length === owners.length && sameJson(desired, live);
    return same ? undefined : desired;
  });
}

function appliedSelector({ metadata }: Service): Record<string, string> | undefined {
  const text = metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text) as Partial<Service> | null)?.spec?.selector;
  } catch {
    // kubectl did not write that
    return undefined;
  }
}
