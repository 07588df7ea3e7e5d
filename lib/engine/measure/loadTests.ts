import { hookHosts } from '../../api/addressedHosts.js';
import type { Canary } from '../../api/canary.js';
import { webhookType } from '../../api/defaults.js';
import { type Ingress, Ingresses } from '../../api/workloads.js';
import type { Objects } from '../../ports/objects.js';

/** Says so when a load test of the canary calls none of the hosts that its Ingress answers for. */
export function hostMismatch(objects: Objects, canary: Canary): string | undefined {
  const { name = '' } = canary.spec.ingressRef ?? {};
  const ingress = objects.read(Ingresses, { namespace: canary.metadata.namespace ?? '', name });
  if (!ingress) return undefined;
  const answered = hostsOf(ingress);
  if (answered.length === 0) return undefined;
  for (const webhook of canary.spec.analysis.webhooks ?? []) {
    if (webhookType(webhook) !== 'rollout') continue;
    const called = hookHosts(webhook.metadata ?? {});
    if (called.length === 0 || called.some((host) => answered.some((own) => covers(own, host)))) continue;
    return `load test ${webhook.name} calls ${called.join(', ')}, and Ingress ${name} answers for ${answered.join(', ')}`;
  }
  return undefined;
}

/** None when a rule takes every host. */
function hostsOf({ spec }: Ingress): string[] {
  const hosts = (spec.rules ?? []).map(({ host = '' }) => host);
  return hosts.includes('') ? [] : [...new Set(hosts)];
}

function covers(own: string, host: string): boolean {
  return own === host || (own.startsWith('*.') && host.endsWith(own.slice(1)));
}
