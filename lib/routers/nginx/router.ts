import type { Canary } from '../../api/canary.js';
import { capabilitiesOf } from '../../api/providers.js';
import { type Ingress, Ingresses } from '../../api/workloads.js';
import type { ObjectKey } from '../../ports/cluster.js';
import type { Router, RouterContext, RouterSync, Routes } from '../../ports/router.js';
import { apexIngressKey, canaryIngressKey, readApexIngress } from '../generated/apexIngress.js';
import { leftovers } from '../generated/leftovers.js';
import { mergePatch } from '../mergePatch.js';
import { closedAnnotations, isCanary, routedAnnotations, routesOf } from './annotations.js';
import { canarySpec, newCanaryIngress } from './canaryIngress.js';

/**
 * Provider `nginx`: a second Ingress, `<ingress>-canary`, whose annotations tell ingress-nginx what share of the
 * requests (or which of them) go to the canary's Service. The apex Ingress is read and never written.
 *
 * The canary Ingress takes the apex Ingress's other annotations when it is created and not later: ingress-nginx
 * ignores nearly all of them on a canary Ingress, and a user may have set them there on purpose.
 */
export function nginxRouter(context: RouterContext): Router {
  return {
    capabilities: () => capabilitiesOf('nginx'),
    watches: () => [Ingresses],
    async sync(canary, desired) {
      const apexes = apexKeys(canary);
      const left = await withdrawLeftovers(context, canary, apexes);
      let result: RouterSync | undefined;
      for (const apex of apexes) {
        const { found, changed } = await syncOne(context, canary, apex, desired);
        result = {
          found: result ? (result.changed ? result.found : found) : found,
          changed: changed || result?.changed === true,
        };
      }
      return { ...result!, changed: left || result!.changed };
    },
    async finalize(canary) {
      const apexes = apexKeys(canary);
      await withdrawLeftovers(context, canary, apexes);
      for (const apex of apexes) {
        const existing = context.objects.read(Ingresses, canaryIngressKey(apex));
        if (existing) await withdraw(context, existing);
      }
    },
  };
}

/** `spec.ingressRef`, and the further Ingresses that lead to the same application. */
function apexKeys(canary: Canary): ObjectKey[] {
  const first = apexIngressKey(canary, 'nginx');
  const further = (canary.spec.ingressRefs ?? []).map((ref) => apexIngressKey(canary, 'nginx', ref));
  return [first, ...further.filter(({ name }) => name !== first.name)];
}

async function syncOne(
  context: RouterContext,
  canary: Canary,
  apexKey: ObjectKey,
  desired: Routes,
): Promise<RouterSync> {
  const { objects, ingressAnnotationsPrefix: prefix } = context;
  const apex = readApexIngress(objects, apexKey);
  const key = canaryIngressKey(apexKey);
  const existing = objects.read(Ingresses, key);
  const base = existing ?? newCanaryIngress(canary, apex, key, prefix);
  const [current, users] = [base, apex].map(({ metadata }) => metadata.annotations ?? {});
  const annotations = { ...routedAnnotations(current!, users!, prefix, canary, desired) };
  const spec = canarySpec(canary, apex);
  if (!existing) {
    await objects.create(Ingresses, { ...base, metadata: { ...base.metadata, annotations }, spec });
    return { found: undefined, changed: true };
  }
  const found = routesOf(existing.metadata.annotations ?? {}, prefix, canary);
  const patch = mergePatch(
    { metadata: { annotations: existing.metadata.annotations ?? {} }, spec: existing.spec },
    { metadata: { annotations }, spec },
  );
  if (patch === undefined) return { found, changed: false };
  await objects.patch(Ingresses, key, 'merge', patch);
  return { found, changed: true };
}

/** Of Ingresses that the Canary named before. True when something was written. */
async function withdrawLeftovers(
  context: RouterContext,
  canary: Canary,
  apexes: readonly ObjectKey[],
): Promise<boolean> {
  const current = apexes.map((apex) => canaryIngressKey(apex).name);
  let changed = false;
  for (const ingress of leftovers(context.objects, Ingresses, canary, current)) {
    if (await withdraw(context, ingress)) changed = true;
  }
  return changed;
}

/**
 * The canary Ingress is owned by the Canary, and the cluster collects it: in which order with the Service that it leads
 * to, nobody knows, so nothing may be sent there any more. The apex Ingress was never changed.
 */
async function withdraw(
  { objects, ingressAnnotationsPrefix: prefix }: RouterContext,
  { metadata: { namespace = '', name = '', annotations: current = {} } }: Ingress,
): Promise<boolean> {
  const annotations = closedAnnotations(current, prefix);
  const patch = mergePatch({ metadata: { annotations: current } }, { metadata: { annotations } });
  if (patch === undefined || !isCanary(current, prefix)) return false;
  await objects.patch(Ingresses, { namespace, name }, 'merge', patch);
  return true;
}
