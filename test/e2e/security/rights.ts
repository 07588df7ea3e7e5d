import type { Kubectl } from '../kubectl.ts';
import { controller, namespaces, place } from './place.ts';
import { seldom } from './seldom.ts';

interface Role {
  readonly metadata: { readonly name: string };
  readonly rules: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
}

/** What the controller of this journey may do; it has no rights but those of Roles. */
async function grantedTo(kubectl: Kubectl): Promise<ReadonlySet<string>> {
  const roles = await Promise.all(
    namespaces.map((namespace) =>
      kubectl.get<{ items: readonly Role[] }>(
        `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`,
      ),
    ),
  );
  const rules = roles.flatMap(({ items }) => items).flatMap((role) => role.rules);
  return new Set(
    rules.flatMap(({ resources, verbs }) =>
      resources.flatMap((each) => verbs.map((verb) => `${verb} ${each}`)),
    ),
  );
}

/** The controller's own /metrics, by the API server's proxy. */
export async function scrape(kubectl: Kubectl, name: string = controller): Promise<string> {
  const selector = `app.kubernetes.io/name=${name}`;
  const pods = await kubectl(['-n', place.system, 'get', 'pods', '-l', selector, '-o', 'name']);
  const pod = pods.trim().replace('pod/', '');
  return kubectl(['get', '--raw', `/api/v1/namespaces/${place.system}/pods/${pod}:8080/proxy/metrics`]);
}

/** What it asked of the API server, and what was refused. */
function usedAccordingTo(metrics: string): { used: ReadonlySet<string>; refused: readonly string[] } {
  const counted = [...metrics.matchAll(/^perch_api_requests_total\{([^}]*)\}/gm)].map(([, labels = '']) =>
    Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
  );
  const asked = counted.filter(({ verb }) => verb !== 'discover');
  const right = ({ verb, resource }: Record<string, string>) => `${verb} ${resource}`;
  return {
    used: new Set(asked.map(right)),
    refused: asked.filter(({ status }) => status === '403').map(right),
  };
}

/** Throws unless every request was granted, and every right made use of. */
export async function compareRights(kubectl: Kubectl): Promise<void> {
  const granted = await grantedTo(kubectl);
  const { used, refused } = usedAccordingTo(await scrape(kubectl));
  const missing = [...used].filter((request) => !granted.has(request));
  const idle = [...granted].filter((right) => !used.has(right) && !Object.hasOwn(seldom, right));
  if (used.size < 10) throw new Error(`expected the controller to count its requests, got ${[...used]}`);
  if (missing.length + idle.length + refused.length === 0) return;
  throw new Error(`used and not granted: ${missing}; refused: ${refused}; granted and never used: ${idle}`);
}
